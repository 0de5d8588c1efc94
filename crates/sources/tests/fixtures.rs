//! The records of real emitters and exports, when the fixtures are present.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs
)]

use std::path::PathBuf;

use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_sources::{Fact, Facts, facts};

fn fixtures() -> Option<PathBuf> {
    let named = std::env::var_os("TICKMARK_FIXTURES").map(PathBuf::from);
    let folder =
        named.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures").into());
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: fixtures not present");
    None
}

/// Reads the facts of every record. `at` is `lines`, or the pointer of the array (or of the one record) in the file.
fn read(text: &[u8], at: &str) -> Vec<Facts> {
    let limits = Limits::default();
    if at == "lines" {
        let lines = text
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty());
        return lines.map(|line| facts(&parse(line, &limits).unwrap())).collect();
    }
    let whole = parse(text, &limits).unwrap();
    match whole.at(&Pointer::parse(at).unwrap()).unwrap() {
        Value {
            kind: Kind::Array(elements),
            ..
        } => elements.iter().map(facts).collect(),
        one => vec![facts(one)],
    }
}

fn value(fact: &Option<Fact>) -> &str {
    fact.as_ref().map_or("-", |fact| &fact.value)
}

/// Records; how many of them have a time; then time, event, actor, outcome and model of the first.
type Row = (&'static str, &'static str, usize, usize, [&'static str; 5]);

#[test]
fn every_emitter_and_export_reads_as_expected() {
    let Some(folder) = fixtures() else { return };
    let mut differing = Vec::new();
    for (file, at, records, timed, first) in ROWS {
        let all = read(&std::fs::read(folder.join(file)).unwrap(), at);
        let one = &all[0];
        let time = one.time.as_ref().map_or("-", |time| &time.text);
        let found = [
            time,
            value(&one.event),
            value(&one.actor),
            value(&one.outcome),
            value(&one.model),
        ];
        let found_timed = all.iter().filter(|one| one.time.is_some()).count();
        if (all.len(), found_timed, found) != (*records, *timed, *first) {
            differing.push(format!(
                "(\"{file}\", \"{at}\", {}, {found_timed}, {found:?}),",
                all.len()
            ));
        }
        assert!(all.iter().all(|one| !one.text.text.is_empty()), "{file}");
    }
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

const ROWS: &[Row] = &[
    (
        "emitters/aat-mcp/records.jsonl",
        "lines",
        18,
        18,
        [
            "2026-11-23T15:00:24.459Z",
            "lifecycle",
            "urn:agent:bot.example",
            "success",
            "-",
        ],
    ),
    (
        "emitters/actionproof/receipts.jsonl",
        "lines",
        8,
        8,
        [
            "2026-11-23T15:00:24.493Z",
            "t",
            "did:key:z6MkidmxqBpUHgEFChBmoZjB9BbYjwEh2CPemLS1MdEXNYs6",
            "ok",
            "-",
        ],
    ),
    (
        "emitters/agent-receipts/receipts.jsonl",
        "lines",
        8,
        8,
        [
            "2026-11-23T15:00:25.424Z",
            "filesystem.file.read",
            "did:user:alice",
            "success",
            "-",
        ],
    ),
    (
        "emitters/agentproofchain/log.jsonl",
        "lines",
        16,
        16,
        ["2026-11-23T15:00:23.864630+00:00", "tool_call", "-", "-", "-"],
    ),
    (
        "emitters/agt-auditlog/entries.jsonl",
        "lines",
        16,
        16,
        [
            "2026-11-23T15:02:17.869227Z",
            "tool_invocation",
            "did:mesh:abc",
            "success",
            "-",
        ],
    ),
    (
        "emitters/agt-auditlog/export.json",
        "/entries",
        16,
        16,
        [
            "2026-11-23 15:02:17.869227+00:00",
            "tool_invocation",
            "did:mesh:abc",
            "success",
            "-",
        ],
    ),
    (
        "emitters/agt-filesink-hmac/audit.jsonl",
        "lines",
        16,
        16,
        [
            "2026-11-23T15:02:17.887601+00:00",
            "tool_invocation",
            "did:mesh:abc",
            "success",
            "-",
        ],
    ),
    (
        "emitters/ai-audit-trail/unz/receipts.jsonl",
        "lines",
        8,
        8,
        ["2026-11-23T15:00:25.075509Z", "-", "-", "allow", "modèle-é"],
    ),
    (
        "emitters/autonomous-audit/audit.jsonl",
        "lines",
        16,
        16,
        ["2026-11-23T10:00:00Z", "search", "-", "-", "-"],
    ),
    (
        "emitters/cap-srp/export.json",
        "/events",
        10,
        10,
        [
            "2026-11-23T15:05:46.487497+00:00",
            "GEN_ATTEMPT",
            "-",
            "-",
            "default-model",
        ],
    ),
    (
        "emitters/merkle-audit/entries.jsonl",
        "lines",
        16,
        16,
        ["1795446024.2749636", "tool_executed", "agent-1", "-", "-"],
    ),
    (
        "emitters/ms-mcp-receipt-governed/receipts.jsonl",
        "lines",
        16,
        16,
        ["1795446137.916069", "search é", "did:mesh:a", "allow", "-"],
    ),
    (
        "emitters/scopeblind-pydantic-ai/receipts.jsonl",
        "lines",
        8,
        8,
        [
            "2026-11-23T15:02:18.048Z",
            "protectmcp:decision",
            "scopeblind-pydantic-ai",
            "allow",
            "-",
        ],
    ),
    (
        "emitters/signet/audit_dir/audit/2026-11-23.jsonl",
        "lines",
        16,
        16,
        ["2026-11-23T15:02:18.087Z", "search", "bot", "-", "-"],
    ),
    (
        "emitters/witnesskit/chain.json",
        "/entries",
        16,
        16,
        ["2026-11-23T15:00:23Z", "tool_call", "agent-7", "-", "-"],
    ),
    (
        "aivs/audit-log.jsonl",
        "lines",
        5,
        5,
        ["1742000400.123456", "tool_call", "-", "-", "-"],
    ),
    (
        "aivs/aivs-micro.json",
        "",
        1,
        1,
        ["2026-03-14T10:22:01.000000000Z", "-", "-", "-", "-"],
    ),
    (
        "vcp-rta/vcp_rta_events.jsonl",
        "lines",
        40,
        40,
        [
            "2025-11-20T20:38:25.482205+09:00",
            "SIG",
            "VCP-RTA-Reference",
            "-",
            "-",
        ],
    ),
    (
        "vcp-rta/tampered_chain.jsonl",
        "lines",
        39,
        39,
        [
            "2025-11-20T20:38:25.482205+09:00",
            "SIG",
            "VCP-RTA-Reference",
            "-",
            "-",
        ],
    ),
    (
        "exports/aws-bedrock/derived-model-invocation-log.json",
        "",
        1,
        1,
        [
            "2024-10-01T11:50:35Z",
            "InvokeModel",
            "arn:aws:iam::111122223333:user/claims-assistant",
            "-",
            "anthropic.claude-3-5-sonnet-20240620-v1:0",
        ],
    ),
    (
        "exports/aws-cloudtrail/218007301253_CloudTrail_us-east-1_20230710T1150Z_1vnLavRRp0ek1mP4.json",
        "/Records",
        2,
        2,
        [
            "2023-07-10T11:47:39Z",
            "DescribeEventAggregates",
            "arn:aws:iam::123837392027:user/benjamin",
            "-",
            "-",
        ],
    ),
    (
        "exports/aws-cloudtrail/218007301253_CloudTrail_us-east-1_20230710T1210Z_bXGZYqBeCCsqWq1U.json",
        "/Records",
        6,
        6,
        [
            "2023-07-10T12:01:59Z",
            "AssumeRole",
            "arn:aws:iam::123837392027:user/bert-jan",
            "AccessDenied",
            "-",
        ],
    ),
    (
        "exports/aws-cloudtrail/docs-bedrock-invokemodel.event.json",
        "",
        1,
        1,
        [
            "2024-10-01T11:52:37Z",
            "InvokeModel",
            "arn:aws:iam::956882123456:user/himan",
            "-",
            "anthropic.claude-3-5-sonnet-20240620-v1:0",
        ],
    ),
    (
        "exports/azure-monitor/activity-log.az-cli.json",
        "",
        1,
        1,
        [
            "2015-01-21T22:14:26.9792776Z",
            "microsoft.support/supporttickets/write",
            "admin@contoso.com",
            "Succeeded",
            "-",
        ],
    ),
    (
        "exports/azure-monitor/activity-log.eventhub-records.json",
        "/records",
        1,
        1,
        [
            "2019-01-21T22:14:26.9792776Z",
            "microsoft.support/supporttickets/write",
            "admin@contoso.com",
            "Success",
            "-",
        ],
    ),
    (
        "exports/azure-monitor/activity-log.list.rest.json",
        "/value",
        1,
        1,
        [
            "2015-01-21T22:14:26.9792776Z",
            "microsoft.support/supporttickets/write",
            "admin@contoso.com",
            "Succeeded",
            "-",
        ],
    ),
    (
        "exports/azure-monitor/derived-PT1H.GatewayLogs.json",
        "lines",
        1,
        1,
        [
            "2024-07-02T06:31:31.4465902Z",
            "Microsoft.ApiManagement/GatewayLogs",
            "-",
            "Succeeded",
            "-",
        ],
    ),
    (
        "exports/azure-monitor/derived-PT1H.RequestResponse.json",
        "lines",
        1,
        1,
        [
            "2025-09-19T12:23:02.4350000Z",
            "ChatCompletions_Create",
            "-",
            "200",
            "-",
        ],
    ),
    (
        "exports/azure-monitor/derived-PT1H.activity.json",
        "lines",
        1,
        1,
        [
            "2019-01-21T22:14:26.9792776Z",
            "microsoft.support/supporttickets/write",
            "admin@contoso.com",
            "Success",
            "-",
        ],
    ),
    (
        "exports/cadf/event.json",
        "",
        1,
        1,
        [
            "2026-11-23T15:07:40.251542+0000",
            "evaluate/invoke",
            "u_9c1e",
            "success",
            "-",
        ],
    ),
    (
        "exports/cloudevents/batch.json",
        "",
        1,
        1,
        [
            "2025-09-19T09:35:09.171644Z",
            "io.seldon.serving.inference.request",
            "-",
            "-",
            "classifier",
        ],
    ),
    (
        "exports/cloudevents/structured.json",
        "",
        1,
        1,
        [
            "2025-09-19T09:35:09.171644Z",
            "io.seldon.serving.inference.request",
            "-",
            "-",
            "classifier",
        ],
    ),
    (
        "exports/datadog/audit-events-list.api.0.json",
        "/data",
        2,
        2,
        [
            "2022-04-13T09:29:59.000Z",
            "update_config",
            "1ad9c690-ee90-4dca-80ad-034e916623ab",
            "-",
            "-",
        ],
    ),
    (
        "exports/datadog/audit-events-list.api.1.json",
        "/data",
        1,
        1,
        [
            "2022-04-13T09:29:59.000Z",
            "update_config",
            "1ad9c690-ee90-4dca-80ad-034e916623ab",
            "-",
            "-",
        ],
    ),
    (
        "exports/datadog/audit-events-search.api.0.json",
        "/data",
        2,
        2,
        [
            "2022-04-13T09:21:13.750Z",
            "accessed",
            "foo@example.com",
            "200",
            "-",
        ],
    ),
    (
        "exports/datadog/derived-llm-obs-spans-search.json",
        "/data",
        1,
        1,
        ["1758274509171644000", "llm", "-", "ok", "gpt-4o-mini-2024-07-18"],
    ),
    (
        "exports/datadog/logs-search.api.0.json",
        "/data",
        2,
        2,
        ["2022-04-11T16:29:47.000Z", "log", "-", "200", "-"],
    ),
    (
        "exports/langfuse/derived-ui-traces-export.json",
        "",
        1,
        1,
        ["2025-09-30T09:03:59.962Z", "Agent workflow", "-", "-", "-"],
    ),
    (
        "exports/langfuse/derived-ui-traces-export.jsonl",
        "lines",
        1,
        1,
        ["2025-09-30T09:03:59.962Z", "Agent workflow", "-", "-", "-"],
    ),
    (
        "exports/langfuse/ui-trace-download.llamaindex-2025-06-05.json",
        "",
        1,
        1,
        [
            "2025-06-05T15:45:52.971Z",
            "llama-index-trace",
            "user_123",
            "-",
            "-",
        ],
    ),
    (
        "exports/langfuse/ui-trace-download.llamaindex-2025-06-05.json",
        "/observations",
        2,
        2,
        ["2025-06-05T15:45:52.971Z", "SPAN", "-", "-", "-"],
    ),
    (
        "exports/langfuse/ui-trace-download.openai-agents-2025-09-30.json",
        "/observations",
        5,
        5,
        ["2025-09-30T09:03:59.962Z", "AGENT", "-", "-", "-"],
    ),
    (
        "exports/langfuse/ui-trace-download.pydantic-ai-with-gemini-2025-12-24.json",
        "/observations",
        1,
        1,
        [
            "2025-12-24T06:01:17.850Z",
            "GENERATION",
            "-",
            "-",
            "gemini-2.5-flash",
        ],
    ),
    (
        "exports/langfuse/ui-trace-download.vercel-aisdk-2025-11-17.json",
        "/observations",
        3,
        3,
        ["2025-11-17T14:55:18.786Z", "GENERATION", "-", "-", "gpt-5"],
    ),
    (
        "exports/langsmith/derived-runs.jsonl",
        "lines",
        1,
        1,
        ["2025-09-19T09:35:09.171644", "llm", "-", "success", "gpt-4o-mini"],
    ),
    (
        "exports/mlflow/traces.to_json.jsonl",
        "lines",
        2,
        2,
        ["2026-11-23T14:58:52.653Z", "assistant", "u_9c1e", "ERROR", "-"],
    ),
    (
        "exports/mlflow/search_traces.records.jsonl",
        "lines",
        2,
        2,
        ["1795445932653", "-", "-", "ERROR", "-"],
    ),
    (
        "exports/mlflow/trace.to_dict.json",
        "",
        1,
        1,
        ["2026-11-23T14:58:43.262Z", "assistant", "u_9c1e", "OK", "-"],
    ),
    (
        "exports/openai/audit_logs.list.json",
        "/data",
        2,
        2,
        ["1722461446", "project.archived", "user-xxx", "-", "-"],
    ),
    (
        "exports/openai/chat.completions.list.json",
        "/data",
        1,
        1,
        ["1738960610", "chat.completion", "-", "stop", "gpt-5.4"],
    ),
    (
        "exports/openai/chat.completions.messages.json",
        "/data",
        1,
        0,
        ["-", "-", "-", "-", "-"],
    ),
    (
        "exports/openai/usage.completions.json",
        "/data",
        1,
        1,
        ["1730419200", "bucket", "-", "-", "-"],
    ),
    (
        "exports/openai/costs.json",
        "/data",
        1,
        1,
        ["1730419200", "bucket", "-", "-", "-"],
    ),
    (
        "exports/openai/users.json",
        "/data",
        1,
        1,
        ["1711471533", "First Last", "user@example.com", "-", "-"],
    ),
    (
        "exports/otel/traces.otlp.jsonl",
        "lines",
        1,
        1,
        ["1795446156309291195", "chat", "-", "-", "gpt-4o-mini-2024-07-18"],
    ),
    (
        "exports/otel/traces.console-exporter.jsonl",
        "lines",
        3,
        3,
        [
            "2026-11-23T15:02:36.309291Z",
            "chat",
            "-",
            "-",
            "gpt-4o-mini-2024-07-18",
        ],
    ),
    (
        "exports/valohai/docs-execution.json",
        "",
        1,
        1,
        [
            "2025-06-07T18:49:43.984292+00:00",
            "train-model",
            "drazen",
            "-",
            "-",
        ],
    ),
    (
        "exports/seldon/derived-v2-pipeline-inspect.json",
        "/topics",
        1,
        0,
        ["-", "seldon.default.model.classifier.inputs", "-", "-", "-"],
    ),
];
