//! This list of behaviours is whole.

use std::path::Path;

/// A file that `main.rs` does not name would never run, and nobody would notice.
#[test]
fn every_file_here_is_named_in_main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "main" || (path.is_file() && path.extension().is_none_or(|extension| extension != "rs")) {
            continue;
        }
        let named = main.lines().any(|line| line.trim() == format!("mod {name};"));
        assert!(named, "tests/it/{name} is not named in main.rs (`mod {name};`)");
        seen += 1;
    }
    assert!(seen > 0, "the folder was not read");
}
