//! The outside world as the workbench sees it: a clock and a place for settings.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

/// What a workbench needs from its surroundings, and nothing more.
pub trait Ports: Send + Sync {
    /// The machine's clock with its zone. It is a statement of this machine, never a trusted time.
    fn now(&self) -> DateTime<FixedOffset>;

    /// A folder for what belongs to the person and not to a vault (the list of recent vaults); `None` keeps nothing.
    fn settings(&self) -> Option<&Path>;

    /// The folder that new demo engagements are made in.
    fn demo(&self) -> PathBuf;

    /// Work factor (log2 of scrypt's N) of passphrase slots in new vaults.
    fn work_factor(&self) -> u8;

    /// The same surroundings for a second workbench.
    fn again(&self) -> Box<dyn Ports>;
}

impl Ports for Box<dyn Ports> {
    fn now(&self) -> DateTime<FixedOffset> {
        (**self).now()
    }

    fn settings(&self) -> Option<&Path> {
        (**self).settings()
    }

    fn demo(&self) -> PathBuf {
        (**self).demo()
    }

    fn work_factor(&self) -> u8 {
        (**self).work_factor()
    }

    fn again(&self) -> Box<dyn Ports> {
        (**self).again()
    }
}

/// The real machine.
#[derive(Clone)]
pub struct System {
    settings: Option<PathBuf>,
}

impl System {
    /// Reads where settings lie: `$XDG_CONFIG_HOME/tickmark`, else `$HOME/.config/tickmark`, else `%APPDATA%\Tickmark`.
    pub fn new() -> Self {
        let from = |name: &str, below: &str| std::env::var_os(name).map(|dir| PathBuf::from(dir).join(below));
        let settings = from("XDG_CONFIG_HOME", "tickmark")
            .or_else(|| from("HOME", ".config/tickmark"))
            .or_else(|| from("APPDATA", "Tickmark"));
        System { settings }
    }
}

impl Default for System {
    fn default() -> Self {
        System::new()
    }
}

impl Ports for System {
    #[allow(clippy::disallowed_methods)] // this is the one place that asks the machine for the time
    fn now(&self) -> DateTime<FixedOffset> {
        chrono::Local::now().fixed_offset()
    }

    fn settings(&self) -> Option<&Path> {
        self.settings.as_deref()
    }

    fn demo(&self) -> PathBuf {
        match std::env::var_os("TICKMARK_DEMO") {
            Some(path) => PathBuf::from(path),
            None => self
                .settings
                .clone()
                .unwrap_or_else(std::env::temp_dir)
                .join("demo"),
        }
    }

    fn work_factor(&self) -> u8 {
        let asked = std::env::var("TICKMARK_WORK_FACTOR")
            .ok()
            .and_then(|text| text.parse().ok());
        asked
            .filter(|factor| (1..=22).contains(factor))
            .unwrap_or(DEFAULT_WORK_FACTOR)
    }

    fn again(&self) -> Box<dyn Ports> {
        Box::new(self.clone())
    }
}

/// age's own default, about one second (design, section 7).
const DEFAULT_WORK_FACTOR: u8 = 18;
