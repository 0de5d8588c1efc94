//! The desk: an open vault, who is signed in, and the engagement at hand.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tickmark_crypto::sealed::Opener;
use tickmark_crypto::secret::Secret;
use tickmark_vault::id::EngagementId;
use tickmark_vault::table::Kept;
use tickmark_vault::table::engagement::{Engagement, EngagementState};
use tickmark_vault::view::View;
use tickmark_vault::{Create, Mode, ReadOnlyReason, Reader, Signer, Txn, Vault, VaultError};

use crate::contract::command::{ById, Nothing};
use crate::contract::session::{
    CreateVault, EngagementView, OpenVault, RecentVault, SessionState, SessionView, VaultView,
    WriteEngagement,
};
use crate::error::{Answer, Code, Error};
use crate::ports::Ports;
use crate::{moment, period};

/// Everything a reviewer can do. Both doors hold one and call its methods; it may be shared between threads.
pub struct Workbench {
    ports: Box<dyn Ports>,
    state: Mutex<State>,
    pub(crate) cancel: AtomicBool,
}

#[derive(Default)]
struct State {
    desk: Option<Desk>,
    was_open: bool,
}

/// An open vault and who works on it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Desk {
    pub vault: Arc<Vault>,
    pub signer: Option<Arc<Signer>>,
    pub engagement: Option<EngagementId>,
}

impl Desk {
    /// One unchanging state of the vault.
    pub fn read(&self) -> Answer<Reader> {
        Ok(self.vault.reader()?)
    }

    /// The engagement at hand.
    pub fn engagement(&self) -> Answer<&EngagementId> {
        self.engagement.as_ref().ok_or_else(|| {
            Error::invalid("No engagement is chosen.").hint("Create one, or choose one from the list.")
        })
    }

    /// The signed-in reviewer.
    pub fn signer(&self) -> Answer<&Signer> {
        match (&self.signer, self.vault.mode()) {
            (_, Mode::ReadOnly(reason)) => Err(VaultError::ReadOnly { reason }.into()),
            (Some(signer), Mode::ReadWrite) => Ok(signer),
            (None, Mode::ReadWrite) => Err(Error::new(
                Code::ReadOnly,
                "Nobody is signed in: the passphrase opened the vault, but no reviewer's signing keys.",
            )
            .hint("Sign in with the passphrase that was set for the reviewer.")),
        }
    }

    /// Changes the vault, with its signed custody event.
    pub fn write<T>(
        &self,
        now: DateTime<Utc>,
        action: &str,
        subject: serde_json::Value,
        work: impl FnOnce(&mut Txn<'_>) -> Result<T, VaultError>,
    ) -> Answer<T> {
        Ok(self.vault.write(self.signer()?, action, subject, now, work)?)
    }
}

impl Workbench {
    /// A workbench in these surroundings.
    pub fn new(ports: impl Ports + 'static) -> Self {
        Workbench {
            ports: Box::new(ports),
            state: Mutex::default(),
            cancel: AtomicBool::new(false),
        }
    }

    /// The surroundings.
    pub fn ports(&self) -> &dyn Ports {
        &*self.ports
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.ports.now().to_utc()
    }

    pub(crate) fn desk(&self) -> Answer<Desk> {
        self.state().desk.clone().ok_or_else(|| {
            Error::new(Code::VaultLocked, "No vault is open.").hint("Open a vault with its passphrase first.")
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is open.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn session(&self, _request: Nothing) -> Answer<SessionView> {
        let (desk, was_open) = {
            let state = self.state();
            (state.desk.clone(), state.was_open)
        };
        let vault = desk.as_ref().map(|desk| self.vault_view(desk)).transpose()?;
        let state = match (&vault, was_open) {
            (Some(_), _) => SessionState::Open,
            (None, true) => SessionState::Locked,
            (None, false) => SessionState::None,
        };
        Ok(SessionView {
            state,
            vault,
            recent: self.recent(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Creates a vault, opens it and signs its first reviewer in.
    ///
    /// # Errors
    /// `invalid_input` when something is there already, or the passphrase is empty.
    pub fn vault_create(&self, request: CreateVault) -> Answer<SessionView> {
        if request.passphrase.chars().count() < SHORTEST_PASSPHRASE {
            return Err(Error::invalid(format!(
                "The passphrase has fewer than {SHORTEST_PASSPHRASE} characters."
            ))
            .hint("Several unrelated words are easier to keep than a short riddle."));
        }
        if request.reviewer.trim().is_empty() {
            return Err(Error::invalid("The reviewer has no name."));
        }
        let path = vault_path(&request.path)?;
        let secret = Secret::new(request.passphrase);
        let now = self.now();
        let vault = Vault::create(
            &path,
            &Create {
                passphrase: &secret,
                reviewer_name: request.reviewer.trim(),
                reviewer_roles: &["preparer".to_owned()],
                reviewer_secret: &secret,
                work_factor: self.ports.work_factor(),
                now,
            },
        )?;
        self.sit_down(vault, &secret)?;
        if let Some(engagement) = request.engagement {
            self.engagement_create(engagement)?;
        }
        self.remember(&path);
        self.session(Nothing {})
    }

    /// Opens a vault and signs in the reviewer whose keys the same passphrase opens.
    ///
    /// # Errors
    /// `wrong_secret`, `not_a_vault`, `newer_format`, `damaged`.
    pub fn vault_open(&self, request: OpenVault) -> Answer<SessionView> {
        let path = PathBuf::from(request.path.trim());
        let secret = Secret::new(request.passphrase);
        let vault = Vault::open(
            &path,
            &Opener::Passphrase(Secret::new(secret.expose().to_owned())),
        )?;
        self.sit_down(vault, &secret)?;
        self.remember(&path);
        self.session(Nothing {})
    }

    /// Locks: keys are wiped, nothing of the engagement stays.
    ///
    /// # Errors
    /// None that a door would see; it is an answer like the others.
    pub fn vault_lock(&self, _request: Nothing) -> Answer<SessionView> {
        self.cancel.store(true, Ordering::Relaxed);
        if let Some(desk) = self.state().desk.take() {
            desk.vault.lock();
        }
        self.session(Nothing {})
    }

    /// Every engagement, oldest first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn engagement_list(&self, _request: Nothing) -> Answer<Vec<EngagementView>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        Ok(reader
            .view()
            .engagements()
            .list()?
            .iter()
            .map(engagement_view)
            .collect())
    }

    /// Creates an engagement and chooses it.
    ///
    /// # Errors
    /// `invalid_input` when it has no title or its period cannot be read.
    pub fn engagement_create(&self, request: WriteEngagement) -> Answer<EngagementView> {
        if request.title.trim().is_empty() {
            return Err(Error::invalid("The engagement has no title."));
        }
        let day = |text: Option<String>| match text.filter(|t| !t.trim().is_empty()) {
            None => Ok(None),
            Some(text) => match chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d") {
                Ok(_) => Ok(Some(text.trim().to_owned())),
                Err(_) => Err(Error::invalid(format!(
                    "“{text}” is no day. Write it as 2026-07-01."
                ))),
            },
        };
        let (period_from, period_to) = (day(request.period_from)?, day(request.period_to)?);
        if let (Some(from), Some(to)) = (&period_from, &period_to) {
            period::checked(from, to)?;
        }
        let engagement = Engagement {
            id: EngagementId::random()?,
            version: 1,
            title: request.title.trim().to_owned(),
            addressee: request.addressee,
            scope: request.scope,
            period_from,
            period_to,
            classification: request.classification,
            state: EngagementState::Open,
            json: serde_json::json!({}),
        };
        let desk = self.desk()?;
        let subject = serde_json::json!({"engagement": engagement.id.as_str(), "title": engagement.title});
        desk.write(self.now(), "engagement.create", subject, |txn| {
            txn.engagements_mut().insert(&engagement)
        })?;
        self.choose(Some(engagement.id.clone()));
        let reader = desk.read()?;
        Ok(engagement_view(&reader.view().engagements().get(&engagement.id)?))
    }

    /// Chooses the engagement to work on.
    ///
    /// # Errors
    /// `not_found`.
    pub fn engagement_select(&self, request: ById) -> Answer<SessionView> {
        let desk = self.desk()?;
        let id = EngagementId::from(request.id);
        desk.read()?.view().engagements().get(&id)?;
        self.choose(Some(id));
        self.session(Nothing {})
    }

    fn choose(&self, engagement: Option<EngagementId>) {
        if let Some(desk) = &mut self.state().desk {
            desk.engagement = engagement;
        }
    }

    fn sit_down(&self, vault: Vault, secret: &Secret) -> Answer<()> {
        let signer = sign_in(&vault, secret)?;
        let engagement = vault.read(|view| last_engagement(&view))?;
        let desk = Desk {
            vault: Arc::new(vault),
            signer: signer.map(Arc::new),
            engagement,
        };
        let mut state = self.state();
        if let Some(before) = state.desk.replace(desk) {
            before.vault.lock();
        }
        state.was_open = true;
        Ok(())
    }

    fn vault_view(&self, desk: &Desk) -> Answer<VaultView> {
        let reader = desk.read()?;
        let view = reader.view();
        let engagement = desk
            .engagement
            .as_ref()
            .map(|id| view.engagements().get(id))
            .transpose()?;
        let path = desk.vault.path();
        Ok(VaultView {
            id: desk.vault.id().to_owned(),
            path: path.display().to_string(),
            name: name_of(path),
            read_only: desk.vault.mode() != Mode::ReadWrite,
            held_by: match desk.vault.mode() {
                Mode::ReadWrite => None,
                Mode::ReadOnly(reason) => Some(why_read_only(reason)),
            },
            reviewer: desk.signer.as_ref().map(|signer| signer.name().to_owned()),
            reviewer_key: desk.signer.as_ref().map(|signer| signer.fingerprint().to_owned()),
            engagement: engagement.as_ref().map(engagement_view),
            custody_seq: view.custody().count()?,
            now: self
                .ports
                .now()
                .to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        })
    }

    fn recent(&self) -> Vec<RecentVault> {
        let Some(file) = self.ports.settings().map(|folder| folder.join(RECENT)) else {
            return Vec::new();
        };
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines()
            .map(Path::new)
            .filter(|path| path.join("vault.json").is_file())
            .take(MOST_RECENT)
            .map(|path| RecentVault {
                path: path.display().to_string(),
                name: name_of(path),
            })
            .collect()
    }

    /// Notes a vault's path for the door. A list that cannot be written is only a list that is not there.
    fn remember(&self, path: &Path) {
        let Some(folder) = self.ports.settings() else {
            return;
        };
        let Ok(path) = std::path::absolute(path) else {
            return;
        };
        let newest = path.display().to_string();
        let mut lines: Vec<String> = self
            .recent()
            .into_iter()
            .map(|recent| recent.path)
            .filter(|other| *other != newest)
            .collect();
        lines.insert(0, newest);
        if std::fs::create_dir_all(folder).is_ok() {
            let _ = std::fs::write(folder.join(RECENT), lines.join("\n"));
        }
    }
}

/// The reviewer whose signing keys this secret opens; the first who is active.
fn sign_in(vault: &Vault, secret: &Secret) -> Answer<Option<Signer>> {
    if vault.mode() != Mode::ReadWrite {
        return Ok(None);
    }
    let reviewers = vault.read(|view| view.reviewers().list())?;
    for reviewer in reviewers.iter().filter(|reviewer| reviewer.active) {
        match vault.unlock_signer(&reviewer.id, secret) {
            Ok(signer) => return Ok(Some(signer)),
            Err(VaultError::WrongSecret { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(None)
}

fn last_engagement(view: &View<'_>) -> Result<Option<EngagementId>, VaultError> {
    Ok(view
        .engagements()
        .list()?
        .last()
        .map(|engagement| engagement.id.clone()))
}

fn engagement_view(engagement: &Kept<Engagement>) -> EngagementView {
    EngagementView {
        id: engagement.id.to_string(),
        title: engagement.title.clone(),
        addressee: engagement.addressee.clone(),
        scope: engagement.scope.clone(),
        period_from: engagement.period_from.clone(),
        period_to: engagement.period_to.clone(),
        classification: engagement.classification.clone(),
        created_at: moment::stated(engagement.at),
        created_by: engagement.by.clone(),
    }
}

/// The folder of a vault, with its ending.
pub(crate) fn vault_path(text: &str) -> Answer<PathBuf> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Err(Error::invalid("The vault has no path."));
    }
    Ok(if text.ends_with(ENDING) {
        PathBuf::from(text)
    } else {
        PathBuf::from(format!("{text}{ENDING}"))
    })
}

fn name_of(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    name.strip_suffix(ENDING).map_or(name.clone(), str::to_owned)
}

fn why_read_only(reason: ReadOnlyReason) -> String {
    reason.to_string()
}

const ENDING: &str = ".vault";
const RECENT: &str = "recent-vaults";
const MOST_RECENT: usize = 8;
const SHORTEST_PASSPHRASE: usize = 8;
