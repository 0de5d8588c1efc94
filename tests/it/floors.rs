//! The order of the house: a crate knows lower floors only; floors 0 and 1 know no disk, no clock and no screen.

use xtask::workspace::Workspace;
use xtask::{Fault, floors};

fn listed(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

#[test]
fn stairs_go_down() {
    let faults = floors::faults(&xtask::root()).unwrap();
    assert!(faults.is_empty(), "{}", listed(&faults));
}

/// An empty table of floors would let everything pass.
#[test]
fn the_house_has_five_floors_and_two_doors() {
    let workspace = Workspace::load(&xtask::root()).unwrap();
    let mut found: Vec<u32> = workspace.floors.values().copied().collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, [0, 1, 2, 3, 4]);
    assert_eq!(workspace.doors(), ["tickmark-cli", "tickmark-window"]);
}
