//! Keeps the window on its own pages. A content security policy does not stop `location.href = "http://…"`; this does.

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// The plugin that refuses every address but the application's own.
pub fn guard<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("navigation-guard")
        .on_navigation(|_webview, url| is_own(url.scheme(), url.host_str(), url.port(), tauri::is_dev()))
        .build()
}

/// `tauri://localhost` on Linux and macOS, `http(s)://tauri.localhost` on Windows; `npm run dev` while developing.
fn is_own(scheme: &str, host: Option<&str>, port: Option<u16>, developing: bool) -> bool {
    match (scheme, host, port) {
        ("tauri", Some("localhost"), None) | ("http" | "https", Some("tauri.localhost"), None) => true,
        ("http", Some("localhost"), Some(5173)) => developing,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_own_pages() {
        assert!(is_own("tauri", Some("localhost"), None, false));
        assert!(is_own("http", Some("tauri.localhost"), None, false));
        assert!(is_own("https", Some("tauri.localhost"), None, false));
        for (scheme, host, port) in [
            ("http", Some("example.org"), None),
            ("http", Some("127.0.0.1"), Some(9)),
            ("http", Some("localhost"), Some(5173)),
            ("http", Some("localhost"), None),
            ("http", Some("tauri.localhost"), Some(8080)),
            ("https", Some("tauri.localhost.example.org"), None),
            ("tauri", Some("example.org"), None),
            ("file", None, None),
            ("data", None, None),
            ("blob", None, None),
            ("about", None, None),
            ("javascript", None, None),
        ] {
            assert!(!is_own(scheme, host, port, false), "{scheme} {host:?} {port:?}");
        }
    }

    #[test]
    fn the_development_server_only_while_developing() {
        assert!(is_own("http", Some("localhost"), Some(5173), true));
        assert!(!is_own("http", Some("localhost"), Some(80), true));
        assert!(!is_own("https", Some("localhost"), Some(5173), true));
    }
}
