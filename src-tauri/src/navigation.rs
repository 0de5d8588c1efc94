//! Keeps the window on its own pages. A content security policy does not stop `location.href = "http://…"`; this does.

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// The plugin that refuses every address but the application's own.
pub fn guard<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("navigation-guard").on_navigation(|_webview, url| is_own(url.scheme(), url.host_str())).build()
}

/// `tauri://localhost` on Linux and macOS, `http(s)://tauri.localhost` on Windows; the dev server in debug builds.
fn is_own(scheme: &str, host: Option<&str>) -> bool {
    match (scheme, host) {
        ("tauri", _) => true,
        ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost")) => cfg!(debug_assertions),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_own_pages() {
        assert!(is_own("tauri", Some("localhost")));
        assert!(is_own("http", Some("tauri.localhost")));
        assert!(!is_own("http", Some("example.org")));
        assert!(!is_own("https", Some("localhost")));
        assert!(!is_own("file", None));
        assert!(!is_own("data", None));
        assert!(!is_own("about", None));
    }
}
