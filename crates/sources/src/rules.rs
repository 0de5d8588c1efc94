//! Where each fact is looked for, and in which order.
//!
//! Nobody agreed on names, so this is a reading aid and proves nothing: each fact carries the place that it was read from,
//! and the record is shown beside it. The order of preference is fixed, so that the same record always reads the same:
//!
//! 1. The places of known systems, in the order of [`Rule::places`].
//! 2. Members by name, in the order of [`Rule::names`]: first in the record itself, then inside one of the [`ENVELOPES`] (in
//!    their order), then inside an envelope within an envelope. Names are compared without case, `_` and `-`, so
//!    `created_at`, `createdAt` and `CreatedAt` are one.
//! 3. A member that is an object speaks through its own members, in the order of [`Rule::inner`].
//!
//! A value that is absent, null, empty, or that says nothing for this fact is passed over. For a time, what cannot be read
//! as a moment is passed over too (and kept as `unread_time` when nothing else can be read).

use std::collections::HashMap;
use std::sync::LazyLock;

use tickmark_formats::pointer::Pointer;

const TIME: Rule = Rule {
    places: &[
        "/credentialSubject/action/timestamp",
        "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano",
        "/valohai.execution-ctime",
    ],
    names: "timestamp timestampiso time ts @timestamp eventtime eventtimestamp timestamputc datetime \
        occurredat recordedat loggedat timestampint timestampms timestampns starttime starttimeunixnano \
        startns effectiveat requesttime issuedat signedat createdat created createtime issuancedate date \
        iat exportedat addedat digestendtime t",
    inner: "value",
    passed_over: "",
};

const EVENT: Rule = Rule {
    places: &[
        "/eventName",                        // CloudTrail
        "/operationName/value",              // Azure
        "/attributes/attributes/action",     // Datadog audit
        "/attributes/span_kind",             // Datadog LLM observability
        "/attributes/gen_ai.operation.name", // OpenTelemetry
        "/resourceSpans/0/scopeSpans/0/spans/0/attributes/[gen_ai.operation.name]/value/stringValue",
        "/resourceSpans/0/scopeSpans/0/spans/0/name",
        "/info/tags/mlflow.traceName",
        "/valohai.execution-step",
    ],
    names: "eventtype actiontype eventname operationname operation event activity action verb type toolname \
        tool runtype spankind name kind category object",
    inner: "value type name tool event",
    // CADF and CloudTrail have a kind of event of which almost all records are one; a bare decision is an outcome.
    passed_over: "activity monitor awsapicall allow allowed permit permitted deny denied block blocked reject \
        rejected",
};

const ACTOR: Rule = Rule {
    places: &[
        "/userIdentity/arn", // CloudTrail
        "/userIdentity/userName",
        "/userIdentity/principalId",
        "/userIdentity/invokedBy",
        "/identity/arn", // Bedrock
        "/identity/claims/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn",
        "/identity/claims/name",
        "/credentialSubject/principal/id",
        "/actor/session/user/id", // OpenAI audit log
        "/actor/api_key/user/id",
        "/actor/api_key/service_account/id",
        "/actor/api_key/id",
        "/attributes/attributes/usr/id", // Datadog
        "/attributes/usr/id",
        "/info/trace_metadata/mlflow.trace.user",
        "/extra/metadata/user_id", // LangSmith
        "/valohai.creator-name",
    ],
    names: "actor actorid user userid username useremail caller initiator principal principalid agentid \
        agentdid agent agentname issuerid signer signername inputuser operator createdby creator \
        clientid apikeyid issuer usr email",
    inner: "id name email arn uid",
    passed_over: "",
};

const OUTCOME: Rule = Rule {
    places: &[
        "/attributes/attributes/http/status_code", // Datadog audit
        "/attributes/http/status_code",
        "/choices/0/finish_reason", // OpenAI
    ],
    names: "outcome result resulttype decision policydecision cedardecision verdict status state errorcode \
        error action success isrequestsuccess resultsignature responsecode statuscode",
    inner: "value status statuscode code",
    // Log levels stand under "status" too; an unset status says nothing.
    passed_over: "info debug notice warn warning unset status_code_unset none null",
};

const MODEL: Rule = Rule {
    places: &[
        "/attributes/gen_ai.response.model", // OpenTelemetry
        "/attributes/gen_ai.request.model",
        "/resourceSpans/0/scopeSpans/0/spans/0/attributes/[gen_ai.response.model]/value/stringValue",
        "/resourceSpans/0/scopeSpans/0/spans/0/attributes/[gen_ai.request.model]/value/stringValue",
        "/requestParameters/modelId",    // CloudTrail
        "/extra/metadata/ls_model_name", // LangSmith
        "/extra/invocation_params/model",
    ],
    names: "responsemodel model modelid modelname providedmodelname requestmodel modelversion deployment \
        deploymentname",
    inner: "id name value",
    passed_over: "",
};

const SUMMARY: Rule = Rule {
    places: &[
        "/choices/0/message/content",              // OpenAI
        "/input/inputBodyJson/messages/0/content", // Bedrock
        "/info/request_preview",                   // MLflow
        "/inputs/messages/0/0/content",            // LangSmith
        "/attributes/input/messages/0/content",    // Datadog LLM observability
    ],
    names: "summary message description title denialreason reason errormessage statusmessage comment prompt \
        question query input inputsjson text content output url subject resource resourceid target \
        toolname symbol source",
    inner: "value summary text content",
    passed_over: "",
};

/// Members that wrap what is looked for, outermost first.
pub(crate) const ENVELOPES: &str = "header receipt payload event record entry credentialsubject action decision \
    actiondetail info trace attributes data body details detail properties context metadata request";

/// The decisions that `action` states in some systems instead of an event.
const DECISIONS: &str = "allow allowed permit permitted deny denied block blocked reject rejected";

/// How one fact is looked for; the module says in which order. Lists are words between spaces.
pub(crate) struct Rule {
    /// JSON pointers in known systems. A segment `[KEY]` is the element of an array whose member `key` is KEY.
    pub(crate) places: &'static [&'static str],
    /// Member names, without case, `_` and `-`.
    pub(crate) names: &'static str,
    /// Names inside a member that is an object, written the same way.
    pub(crate) inner: &'static str,
    /// Values that say nothing for this fact, in lower case.
    pub(crate) passed_over: &'static str,
}

/// The facts that are looked for by rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    Time,
    Event,
    Actor,
    Outcome,
    Model,
    Summary,
}

impl Asked {
    pub(crate) const ALL: [Asked; 6] = [
        Asked::Time,
        Asked::Event,
        Asked::Actor,
        Asked::Outcome,
        Asked::Model,
        Asked::Summary,
    ];

    pub(crate) const fn rule(self) -> &'static Rule {
        match self {
            Asked::Time => &TIME,
            Asked::Event => &EVENT,
            Asked::Actor => &ACTOR,
            Asked::Outcome => &OUTCOME,
            Asked::Model => &MODEL,
            Asked::Summary => &SUMMARY,
        }
    }

    /// Whether a value says something for this fact when it stands under `name`.
    pub(crate) fn is_said_by(self, name: &str, value: &str) -> bool {
        let lower = value.trim().to_lowercase();
        let is_listed = |list: &'static str| list.split_whitespace().any(|word| word == lower);
        if lower.is_empty() || is_listed(self.rule().passed_over) {
            return false;
        }
        match (self, name) {
            (Asked::Outcome, "action") => is_listed(DECISIONS),
            // "error": false reads like an outcome and says the opposite.
            (Asked::Outcome, "error") => !matches!(lower.as_str(), "true" | "false" | "0"),
            _ => true,
        }
    }
}

/// The names of all rules, turned round: what a folded member name may mean.
#[derive(Default)]
pub(crate) struct Meaning {
    /// The fact, the place of the name in its rule, and the name.
    pub(crate) asked: Vec<(Asked, usize, &'static str)>,
    /// Its place among the envelopes.
    pub(crate) envelope: Option<usize>,
}

/// So that each member of a record is looked up once.
pub(crate) static MEANINGS: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut meanings: HashMap<&'static str, Meaning> = HashMap::new();
    for asked in Asked::ALL {
        for (rank, name) in asked.rule().names.split_whitespace().enumerate() {
            meanings.entry(name).or_default().asked.push((asked, rank, name));
        }
    }
    for (place, name) in ENVELOPES.split_whitespace().enumerate() {
        meanings.entry(name).or_default().envelope = Some(place);
    }
    meanings
});

/// The known places of every rule, taken apart into segments, in the order of [`Asked::ALL`].
pub(crate) static PLACES: LazyLock<Vec<Vec<Vec<String>>>> = LazyLock::new(|| {
    let segments = |place: &&str| {
        Pointer::parse(place)
            .map(|pointer| pointer.segments().to_vec())
            .ok()
    };
    Asked::ALL
        .iter()
        .map(|asked| asked.rule().places.iter().filter_map(segments).collect())
        .collect()
});

/// A member name without case, `_` and `-`; `None` for a name longer than any that is looked for.
pub(crate) fn folded(name: &str) -> Option<String> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    Some(
        name.chars()
            .filter(|c| !matches!(c, '_' | '-'))
            .map(|c| c.to_ascii_lowercase())
            .collect(),
    )
}

const LONGEST_NAME: usize = 40;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_word_of_the_table_can_match() {
        for asked in Asked::ALL {
            let rule = asked.rule();
            let names = rule.names.split_whitespace();
            for name in names
                .clone()
                .chain(rule.inner.split_whitespace())
                .chain(ENVELOPES.split_whitespace())
            {
                assert_eq!(folded(name).as_deref(), Some(name), "{asked:?}");
            }
            assert_eq!(
                names.clone().collect::<HashSet<_>>().len(),
                names.count(),
                "{asked:?} names one twice"
            );
            assert_eq!(rule.passed_over, rule.passed_over.to_lowercase());
            for place in rule.places {
                let read = Pointer::parse(place).map(|pointer| pointer.to_string());
                assert_eq!(read.as_deref(), Ok(*place));
            }
        }
    }

    #[test]
    fn what_says_nothing_is_passed_over() {
        assert!(
            Asked::Outcome.is_said_by("action", "Deny") && !Asked::Outcome.is_said_by("action", "transfer")
        );
        assert!(
            Asked::Outcome.is_said_by("error", "timeout") && !Asked::Outcome.is_said_by("error", "false")
        );
        assert!(
            Asked::Outcome.is_said_by("success", "false") && !Asked::Outcome.is_said_by("status", "INFO")
        );
        assert!(!Asked::Event.is_said_by("action", "allow") && !Asked::Actor.is_said_by("actor", "  "));
    }
}
