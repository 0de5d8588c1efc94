//! The profiles that come with the program.

use std::sync::OnceLock;

use super::Profile;

macro_rules! texts {
    ($($id:literal),* $(,)?) => {
        const TEXTS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../profiles/", $id, ".toml")))),*];
    };
}

texts! {
    "aat", "acta", "actionproof", "aerf", "agent-receipts", "agentproofchain", "agt-auditlog", "agt-fileauditsink",
    "agt-mcp-receipts", "ai-audit-trail", "aivs", "asqav", "asqav-hash", "autonomous-audit", "cap-srp", "jws",
    "merkle-audit", "pipelock", "scopeblind", "signet", "tickmark-custody", "vcp", "w3c-vc", "witnesskit",
}

/// The shipped profiles, by id.
///
/// # Errors
/// Id and message of the first that cannot be read; a test holds that none is.
pub fn shipped() -> Result<&'static [Profile], (String, String)> {
    static PARSED: OnceLock<Result<Vec<Profile>, (String, String)>> = OnceLock::new();
    let parsed = PARSED.get_or_init(|| {
        TEXTS
            .iter()
            .map(|(id, text)| Profile::parse(text).map_err(|error| ((*id).to_owned(), error.to_string())))
            .collect()
    });
    match parsed {
        Ok(profiles) => Ok(profiles),
        Err(error) => Err(error.clone()),
    }
}
