//! Licences of what is shipped, held against `[licenses]`.

use std::collections::BTreeSet;

use spdx::{Expression, Licensee, ParseMode};

use crate::error::{ChoreError, Fault};
use crate::policy::{Level, Licences};
use crate::shipped::{Package, Shipped};

/// Packages whose licence is not allowed, and allowed licences that nothing needs.
///
/// `own` are the members of this workspace: private, so not judged.
///
/// # Errors
/// `[licenses]` names something that is no SPDX licence.
pub fn faults(
    policy: &Licences,
    shipped: &[Shipped],
    own: &BTreeSet<&str>,
) -> Result<Vec<Fault>, ChoreError> {
    let allowed = licensees(&policy.allow)?;
    let mut needed = BTreeSet::new();
    let mut faults = BTreeSet::new();
    for package in shipped.iter().flat_map(|platform| &platform.packages) {
        if policy.private.ignore && own.contains(package.name.as_str()) {
            continue;
        }
        let mut exceptions = Vec::new();
        for exception in policy
            .exceptions
            .iter()
            .filter(|e| e.spec.matches(&package.name, &package.version))
        {
            exceptions.extend(licensees(&exception.allow)?);
        }
        faults.extend(fault(package, &allowed, &exceptions, &mut needed));
    }
    let unneeded = policy.allow.iter().filter(|name| !needed.contains(name.as_str()));
    if policy.unused_allowed_license == Level::Deny {
        faults.extend(
            unneeded.map(|name| Fault::new("deny.toml", format!("allows {name}, which nothing shipped has"))),
        );
    }
    Ok(faults.into_iter().collect())
}

fn fault(
    package: &Package,
    allowed: &[Licensee],
    exceptions: &[Licensee],
    needed: &mut BTreeSet<String>,
) -> Option<Fault> {
    let place = format!("{} {}", package.name, package.version);
    if package.licence.is_empty() {
        return Some(Fault::new(
            place,
            format!("states no licence ({})", package.way_in()),
        ));
    }
    let Ok(expression) = Expression::parse_mode(&package.licence, ParseMode::LAX) else {
        return Some(Fault::new(
            place,
            format!("states {:?}, which is no SPDX expression", package.licence),
        ));
    };
    let fine = expression.evaluate(|wanted| {
        let by_list = allowed.iter().find(|licensee| licensee.satisfies(wanted));
        needed.extend(by_list.map(ToString::to_string));
        by_list.is_some() || exceptions.iter().any(|licensee| licensee.satisfies(wanted))
    });
    let sentence = || {
        format!(
            "has the licence {:?}, which deny.toml does not allow ({})",
            package.licence,
            package.way_in()
        )
    };
    (!fine).then(|| Fault::new(place, sentence()))
}

fn licensees(names: &[String]) -> Result<Vec<Licensee>, ChoreError> {
    let broken = |name: &String| ChoreError::Unreadable {
        place: "deny.toml [licenses]".to_owned(),
        expected: "an SPDX licence",
        found: name.clone(),
    };
    names
        .iter()
        .map(|name| Licensee::parse(name).map_err(|_| broken(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use semver::Version;

    fn judge(licence: &str) -> Vec<Fault> {
        let policy: Licences = toml::from_str(
            "confidence-threshold = 0.9\nunused-allowed-license = \"allow\"\nprivate = { ignore = true }\n\
             allow = [\"MIT\", \"Apache-2.0\", \"BSD-3-Clause\"]\nexceptions = [{ crate = \"css\", allow = [\"MPL-2.0\"] }]",
        )
        .unwrap();
        let package = |name: &str| Package {
            name: name.to_owned(),
            version: Version::new(1, 0, 0),
            licence: licence.to_owned(),
            features: BTreeSet::new(),
            way: vec![name.to_owned()],
        };
        let shipped = Shipped {
            platform: "any".to_owned(),
            packages: vec![package("css"), package("other"), package("ours")],
        };
        faults(&policy, &[shipped], &["ours"].into()).unwrap()
    }

    #[test]
    fn expressions_are_weighed() {
        for fine in [
            "MIT",
            "GPL-3.0-only OR MIT",
            "Unlicense/MIT",
            "(MIT OR Zlib) AND BSD-3-Clause",
            "Apache-2.0 / MIT",
        ] {
            assert_eq!(judge(fine), [], "{fine}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND Zlib",
            "",
            "free for all",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(judge(bad).len(), 2, "{bad}");
        }
    }

    #[test]
    fn an_exception_is_for_one_crate() {
        let faults = judge("MPL-2.0");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].place.starts_with("other"));
    }

    #[test]
    fn an_allowance_that_nothing_needs_is_a_fault() {
        let policy: Licences = toml::from_str(
            "confidence-threshold = 0.9\nunused-allowed-license = \"deny\"\nprivate = { ignore = true }\nallow = [\"MIT\"]\nexceptions = []",
        )
        .unwrap();
        assert_eq!(faults(&policy, &[], &BTreeSet::new()).unwrap().len(), 1);
    }
}
