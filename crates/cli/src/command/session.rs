//! A vault that is open for one verb.

use std::path::Path;

use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::session::{EngagementView, OpenVault, SessionView};
use tickmark_workbench::ports::System;
use tickmark_workbench::{Answer, Error, Workbench, error::Code};

use crate::arguments::{InVault, Opening, VaultSecret};
use crate::output::Door;
use crate::secret;

/// An open vault with its engagement chosen; locked when it is dropped.
pub struct Session {
    /// The desk on which it is open.
    pub bench: Workbench,
}

impl Session {
    /// Opens the vault that was typed.
    ///
    /// # Errors
    /// When the passphrase cannot be had or opens nothing, the folder is no vault, or the engagement is not in it.
    pub fn of(vault: &InVault, door: &Door) -> Answer<Session> {
        Session::at(&vault.vault, &vault.opening, door)
    }

    /// As [`Session::of`], for verbs in which a vault is optional.
    ///
    /// # Errors
    /// As [`Session::of`].
    pub fn at(path: &Path, opening: &Opening, door: &Door) -> Answer<Session> {
        let session = Session::open(path, &opening.secret, door)?;
        opening
            .engagement
            .as_deref()
            .map_or(Ok(()), |wanted| session.choose(wanted))?;
        Ok(session)
    }

    fn open(path: &Path, secret: &VaultSecret, door: &Door) -> Answer<Session> {
        let passphrase = secret::passphrase(secret.passphrase_file.as_deref())?;
        let bench = bench();
        let view = bench.vault_open(OpenVault {
            path: path.display().to_string(),
            passphrase,
        })?;
        say_read_only(&view, door);
        Ok(Session { bench })
    }

    /// The workbench chooses the newest; another one is chosen here.
    fn choose(&self, wanted: &str) -> Answer<()> {
        let engagements = self.bench.engagement_list(Nothing {})?;
        let id = named(&engagements, wanted)?.id.clone();
        self.bench.engagement_select(ById { id }).map(|_| ())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // the process ends next, and with it the key and the lock
        let _ = self.bench.vault_lock(Nothing {});
    }
}

/// A workbench on this machine.
pub fn bench() -> Workbench {
    Workbench::new(System::new())
}

fn named<'a>(engagements: &'a [EngagementView], wanted: &str) -> Answer<&'a EngagementView> {
    let mut fitting = engagements.iter().filter(|e| e.id == wanted || e.title == wanted);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(
            Error::invalid(format!("Several engagements have the title “{wanted}”."))
                .hint("Name one by its id: `tickmark engagement list` shows the ids."),
        ),
        (None, _) => Err(Error::new(
            Code::NotFound,
            format!("No engagement of this vault is “{wanted}”."),
        )
        .hint("`tickmark engagement list` shows their ids and titles.")),
    }
}

fn say_read_only(view: &SessionView, door: &Door) {
    if let Some(vault) = view.vault.as_ref().filter(|vault| vault.read_only) {
        let why = vault.held_by.as_deref().unwrap_or("it cannot be written to");
        door.note(&format!("tickmark: The vault is open for reading only: {why}"));
    }
}
