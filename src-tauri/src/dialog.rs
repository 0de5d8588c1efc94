//! The one place that asks a person for a path.

use std::sync::mpsc;

use tauri::{AppHandle, Runtime};
use tickmark_workbench::contract::ErrorView;
use tickmark_workbench::contract::command::PickPath;

/// Opens the system's own dialog; `None` when it was closed without a choice.
///
/// In end-to-end builds the variable `TICKMARK_PICK_PATH` answers instead, because native dialogs cannot be driven.
///
/// # Errors
/// `internal` when the window is closing.
pub fn pick<R: Runtime>(app: &AppHandle<R>, request: PickPath) -> Result<Option<String>, ErrorView> {
    if cfg!(feature = "e2e")
        && let Ok(path) = std::env::var("TICKMARK_PICK_PATH")
    {
        return Ok(Some(path));
    }
    let (answer, chosen) = mpsc::channel();
    app.run_on_main_thread(move || {
        let dialog = rfd::AsyncFileDialog::new().set_title(request.title);
        tauri::async_runtime::spawn(async move {
            let handle = match request.kind.as_str() {
                "folder" => dialog.pick_folder().await,
                "save" => dialog.set_file_name(request.suggestion).save_file().await,
                _ => dialog.pick_file().await,
            };
            // the receiver is gone only when the window is closing
            let _ = answer.send(handle.map(|h| h.path().to_string_lossy().into_owned()));
        });
    })
    .map_err(|_| closing())?;
    chosen.recv().map_err(|_| closing())
}

fn closing() -> ErrorView {
    ErrorView {
        schema: "tickmark.error/1".into(),
        code: "internal".into(),
        message: "The window is closing, so no path could be asked for.".into(),
        hints: Vec::new(),
    }
}
