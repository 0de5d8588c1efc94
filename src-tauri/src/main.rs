//! The window of Tickmark. Nothing is decided here: every command is one line into the workbench.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod command;
mod dialog;
mod navigation;

use std::sync::Arc;

use tickmark_workbench::Workbench;

fn main() {
    if !cfg!(feature = "e2e") && relaunched_without_remote_control() {
        return;
    }
    let workbench = Arc::new(Workbench::new(tickmark_workbench::ports::System::new()));
    let started = tauri::Builder::default()
        .plugin(navigation::guard())
        .manage(workbench)
        .invoke_handler(command::handler())
        .run(tauri::generate_context!());
    if let Err(error) = started {
        report_start_failure(&error);
        std::process::exit(1);
    }
}

/// Variables by which another program could drive or inspect the webview.
const REMOTE_CONTROL: [&str; 3] =
    ["TAURI_WEBVIEW_AUTOMATION", "WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"];

/// A shipped binary obeys none of [`REMOTE_CONTROL`]: it starts itself again without them.
///
/// Removing a variable from the running process is unsafe once threads exist; a fresh process has none.
fn relaunched_without_remote_control() -> bool {
    if REMOTE_CONTROL.iter().all(|name| std::env::var_os(name).is_none()) {
        return false;
    }
    let Ok(program) = std::env::current_exe() else { std::process::exit(1) };
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    for name in REMOTE_CONTROL {
        again.env_remove(name);
    }
    let code = again.status().ok().and_then(|status| status.code()).unwrap_or(1);
    std::process::exit(code)
}

#[allow(clippy::print_stderr)] // there is no window to say it in
fn report_start_failure(error: &tauri::Error) {
    eprintln!("Tickmark's window could not be opened: {error}");
    eprintln!("The command line does the same work without one: tickmark --help");
}
