//! Nobody else drives the window. The webview obeys variables by which another program can steer or inspect it; a shipped
//! binary starts itself again without them, an end-to-end build keeps them.

use std::ffi::OsStr;
use std::process::{Command, ExitCode};

/// Variables by which another program could steer or inspect the webview (tauri, WebKitGTK, WebView2).
const CONTROL: [&str; 4] = [
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
];

/// Starts the program again where the environment holds a variable of [`CONTROL`]; `None` where there was no need to.
///
/// Removing a variable from the running process is unsafe, because other threads may read it; a fresh process has none.
pub fn restarted_without_control() -> Option<ExitCode> {
    let found = unwanted(cfg!(feature = "e2e"), |name| std::env::var_os(name).is_some());
    if found.is_empty() {
        return None;
    }
    let Ok(program) = std::env::current_exe() else {
        return Some(ExitCode::FAILURE); // rather no window than one that somebody else drives
    };
    Some(run(&mut again(program.as_os_str(), &found)))
}

/// The variables that have to go.
fn unwanted(end_to_end: bool, is_set: impl Fn(&str) -> bool) -> Vec<&'static str> {
    if end_to_end {
        return Vec::new();
    }
    CONTROL.into_iter().filter(|name| is_set(name)).collect()
}

/// The same program with the same arguments, without the variables.
fn again(program: &OsStr, without: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    for name in without {
        command.env_remove(name);
    }
    command
}

/// Takes this process's place, so that whoever started it still holds the window.
#[cfg(unix)]
fn run(command: &mut Command) -> ExitCode {
    use std::os::unix::process::CommandExt;
    let _ = command.exec(); // comes back only when it failed
    ExitCode::FAILURE
}

/// Runs it and passes its code on.
#[cfg(not(unix))]
fn run(command: &mut Command) -> ExitCode {
    let code = command.status().ok().and_then(|status| status.code());
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{CONTROL, again, unwanted};

    #[test]
    fn a_shipped_window_starts_again_without_what_drives_it() {
        assert!(unwanted(false, |_| false).is_empty());
        assert_eq!(
            unwanted(false, |name| name == "TAURI_WEBVIEW_AUTOMATION"),
            ["TAURI_WEBVIEW_AUTOMATION"]
        );
        assert_eq!(unwanted(false, |_| true), CONTROL);

        let command = again(OsStr::new("/usr/bin/tickmark-window"), &CONTROL);
        assert_eq!(command.get_program(), "/usr/bin/tickmark-window");
        for name in CONTROL {
            let removed = command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none());
            assert!(removed, "{name} stays in the environment");
        }
    }

    #[test]
    fn the_end_to_end_test_may_drive_it() {
        assert!(unwanted(true, |_| true).is_empty());
    }
}
