//! Vault, reviewer, engagement: what is open.
use super::bundle::BundleRow;
use super::sampling::PlanRow;
use serde::{Deserialize, Serialize};

/// Whether a vault is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// No vault has been opened.
    None,
    /// A vault was open and is locked.
    Locked,
    /// A vault is open.
    Open,
}

/// What the door shows before anything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SessionView {
    /// Open, locked or nothing yet.
    pub state: SessionState,
    /// The open vault.
    pub vault: Option<VaultView>,
    /// Vaults that were opened on this machine, newest first.
    pub recent: Vec<RecentVault>,
    /// Version of the program.
    pub version: String,
}

/// A vault that was opened before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecentVault {
    /// Its folder.
    pub path: String,
    /// Its file name without `.vault`.
    pub name: String,
}

/// An open vault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct VaultView {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub path: String,
    /// Its file name without `.vault`.
    pub name: String,
    /// Whether another process holds the writer's lock or the medium is read-only.
    pub read_only: bool,
    /// Why it is read-only, in words.
    pub held_by: Option<String>,
    /// Who is signed in.
    pub reviewer: Option<String>,
    /// Fingerprint of the key that signs this reviewer's custody events.
    pub reviewer_key: Option<String>,
    /// The engagement at hand.
    pub engagement: Option<EngagementView>,
    /// Number of the last custody event.
    pub custody_seq: u64,
    /// The machine's clock, RFC 3339 with zone.
    pub now: String,
}

/// Create a vault.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct CreateVault {
    /// Folder to create; `.vault` is added when missing.
    pub path: String,
    /// The passphrase of its first slot and of the reviewer's signing keys.
    pub passphrase: String,
    /// Name of the first reviewer.
    pub reviewer: String,
    /// A first engagement.
    pub engagement: Option<WriteEngagement>,
}

/// Open a vault.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct OpenVault {
    /// Its folder.
    pub path: String,
    /// Passphrase of a slot.
    pub passphrase: String,
}

/// Create an engagement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WriteEngagement {
    /// Its title.
    pub title: String,
    /// For whom the report is.
    pub addressee: String,
    /// What is examined.
    pub scope: String,
    /// First day, `YYYY-MM-DD`.
    pub period_from: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub period_to: Option<String>,
    /// How the report is classified, for example `restricted`.
    pub classification: String,
}

/// An engagement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct EngagementView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// For whom the report is.
    pub addressee: String,
    /// What is examined.
    pub scope: String,
    /// First day.
    pub period_from: Option<String>,
    /// Last day.
    pub period_to: Option<String>,
    /// How the report is classified.
    pub classification: String,
    /// When it was created.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
}

/// What is proven, what is not, what to do next, over the whole engagement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OverviewView {
    /// Every bundle.
    pub bundles: Vec<BundleRow>,
    /// Records in all.
    pub records: u64,
    /// Every plan.
    pub plans: Vec<PlanRow>,
    /// Findings that are not closed.
    pub findings_open: u64,
    /// Findings in all.
    pub findings: u64,
    /// Reports written.
    pub reports: u64,
    /// What to do next, most useful first.
    pub next_steps: Vec<NextStep>,
}

/// One thing to do next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct NextStep {
    /// In words.
    pub sentence: String,
    /// The screen that does it: `bundles`, `keys`, `sampling`, `findings`, `reports`.
    pub screen: String,
    /// The id that the screen opens, if any.
    pub target: Option<String>,
}
