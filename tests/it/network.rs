//! Nothing leaves: what is shipped contains no client, no server and no event loop for sockets, on any platform.
//!
//! Read from the graph of each platform and not of all at once: over all targets tauri names an HTTP client that no desktop
//! build links. Tests drive a browser over HTTP; their dependencies are not shipped and not looked at.

use xtask::deny;
use xtask::policy::Policy;
use xtask::shipped::Shipped;
use xtask::workspace::Workspace;

fn shipped() -> (Policy, Vec<Shipped>) {
    let root = xtask::root();
    let policy = Policy::load(&root).unwrap();
    let shipped = deny::shipped(&Workspace::load(&root).unwrap(), &policy).unwrap();
    (policy, shipped)
}

#[test]
fn no_shipped_package_is_banned() {
    let (policy, shipped) = shipped();
    for platform in &shipped {
        let faults = deny::bans(&policy.bans, platform);
        assert!(faults.is_empty(), "{}: {faults:#?}", platform.platform);
    }
}

/// Said once more beside the policy, so that a line lost there is noticed here.
#[test]
fn no_network_crate_is_shipped_on_any_platform() {
    let (_, shipped) = shipped();
    assert_eq!(shipped.len(), 3);
    for platform in &shipped {
        let names = |name: &str| platform.named(name).next().is_some();
        assert!(
            names("tauri") && names("rusqlite"),
            "{}: the graph is not that of both doors",
            platform.platform
        );
        for network in [
            "reqwest",
            "hyper",
            "hyper-util",
            "ureq",
            "isahc",
            "curl",
            "attohttpc",
            "tungstenite",
            "mio",
            "socket2",
            "rustls",
            "native-tls",
        ] {
            assert!(!names(network), "{} ships {network}", platform.platform);
        }
        let tokio: Vec<_> = platform
            .named("tokio")
            .flat_map(|package| &package.features)
            .collect();
        assert!(
            !tokio.iter().any(|feature| *feature == "net"),
            "{}: tokio has its network part",
            platform.platform
        );
    }
}
