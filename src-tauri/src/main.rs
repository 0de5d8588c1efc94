//! The window of Tickmark. Nothing is decided here: every command is one line into the workbench.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod command;
mod dialog;
mod navigation;
mod remote;

use std::process::ExitCode;
use std::sync::Arc;

use tickmark_workbench::Workbench;

fn main() -> ExitCode {
    if let Some(code) = remote::restarted_without_control() {
        return code;
    }
    let workbench = Arc::new(Workbench::new(tickmark_workbench::ports::System::new()));
    let started = tauri::Builder::default()
        .plugin(navigation::guard())
        .manage(workbench)
        .invoke_handler(command::handler())
        .run(tauri::generate_context!());
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report_start_failure(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr)] // there is no window to say it in
fn report_start_failure(error: &tauri::Error) {
    eprintln!("Tickmark's window could not be opened: {error}");
    eprintln!("The command line does the same work without one: tickmark --help");
}
