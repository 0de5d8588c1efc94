//! The review period: stated at intake, kept with the bundle, used at every judgement, told wherever intake is told.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use crate::kit::cloudtrail::{Trail, aws};
use crate::kit::trail::Room;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::bundle::{
    BundleView, ImportBundle, ImportedBundle, ReviewPeriod, VerifyAgain,
};
use tickmark_workbench::contract::command::Page;
use tickmark_workbench::contract::report::{CheckReport, FigureOutcome, WriteReport};
use tickmark_workbench::contract::session::WriteEngagement;
use tickmark_workbench::contract::verification::{CheckOutcome, ClaimOutcome};
use tickmark_workbench::error::Code;

/// Six hours of digests and their logs, in a folder of the room.
fn export(room: &Room) -> PathBuf {
    let folder = room.folder().join("export");
    for (name, bytes) in Trail::default().make().files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// A room in which the key of AWS is pinned.
fn room() -> Room {
    let room = Room::new();
    room.bench
        .key_pin(Room::pin_of(&aws().listed(), "AWS CloudTrail"))
        .unwrap();
    room
}

fn period(from: &str, to: &str) -> ReviewPeriod {
    ReviewPeriod {
        from: from.into(),
        to: to.into(),
    }
}

fn covered() -> ReviewPeriod {
    period("2026-10-01T00:00:00Z", "2026-10-01T08:00:00+02:00")
}

fn import(room: &Room, path: &Path, stated: Option<ReviewPeriod>) -> Answer<ImportedBundle> {
    let mut request: ImportBundle = Room::request(path);
    request.intake.period = stated;
    room.take_in(request)
}

fn again(room: &Room, view: &BundleView, stated: Option<ReviewPeriod>) -> Answer<BundleView> {
    let request = VerifyAgain {
        id: view.row.id.clone(),
        period: stated,
    };
    room.bench.bundle_verify_again(request, &mut |_| {})
}

fn newest_event(room: &Room) -> String {
    let page = Page { offset: 0, limit: 1 };
    room.bench.activity(page).unwrap().events[0].sentence.clone()
}

fn period_check(view: &BundleView) -> CheckOutcome {
    let mut checks = view.verification.claims.completeness.checks.iter();
    checks.find(|check| check.id == "period").unwrap().outcome
}

fn engagement(room: &Room, from: Option<&str>, to: Option<&str>) -> Answer<()> {
    let request = WriteEngagement {
        title: "Q4 2026".into(),
        addressee: "Audit committee".into(),
        scope: String::new(),
        period_from: from.map(str::to_owned),
        period_to: to.map(str::to_owned),
        classification: String::new(),
    };
    room.bench.engagement_create(request).map(|_| ())
}

#[test]
fn a_covered_period_that_is_stated_at_intake_is_proven() {
    let room = room();
    let imported = import(&room, &export(&room), Some(covered())).unwrap();
    assert_eq!(imported.period, Some(covered()));
    assert_eq!(
        newest_event(&room),
        "imported export for the review period 1 Oct 2026, 00:00 UTC to 1 Oct 2026, 08:00 +02:00"
    );
    let view = room.view(&imported);
    assert_eq!(view.intake.period, Some(covered()));
    assert_eq!(view.row.completeness, ClaimOutcome::Proven);
    assert_eq!(view.row.verdict, ClaimOutcome::Proven);
    // it is kept, so that nobody has to state it again
    let view = again(&room, &view, None).unwrap();
    assert_eq!(
        (view.row.completeness, view.judgements),
        (ClaimOutcome::Proven, 2)
    );
    assert_eq!(
        newest_event(&room),
        "judged bundle 1 again for the review period 1 Oct 2026, 00:00 UTC to 1 Oct 2026, 08:00 +02:00: proven"
    );
}

#[test]
fn without_a_period_completeness_stays_open_until_one_is_stated() {
    let room = room();
    let path = export(&room);
    let view = room.view(&import(&room, &path, None).unwrap());
    assert_eq!(view.intake.period, None);
    assert_eq!(view.row.completeness, ClaimOutcome::NotProven);
    assert_eq!(period_check(&view), CheckOutcome::NotChecked);
    assert_eq!(newest_event(&room), "imported export");
    assert_eq!(
        again(&room, &view, None).unwrap().row.completeness,
        ClaimOutcome::NotProven
    );
    // stated later, it holds from then on
    let view = again(&room, &view, Some(covered())).unwrap();
    assert_eq!(view.row.completeness, ClaimOutcome::Proven);
    let view = again(&room, &view, None).unwrap();
    assert_eq!(view.row.completeness, ClaimOutcome::Proven);
    assert_eq!(view.intake.period, Some(covered()));
    // the same bytes once more change nothing, and say for which period they are judged
    let beyond = period("2026-10-01", "2026-10-01");
    let held = import(&room, &path, Some(beyond)).unwrap();
    assert!(held.already_held);
    assert_eq!(held.period, Some(covered()));
    assert_eq!(room.view(&held).intake.period, Some(covered()));
}

#[test]
fn a_period_beyond_the_digests_is_not_proven() {
    let room = room();
    // the digests end at 06:00
    let day = period(" 2026-10-01 ", "2026-10-01Z");
    let view = room.view(&import(&room, &export(&room), Some(day)).unwrap());
    assert_eq!(view.intake.period, Some(period("2026-10-01", "2026-10-01Z")));
    assert_eq!(view.row.completeness, ClaimOutcome::NotProven);
    let sentence = &view.verification.claims.completeness.sentence;
    assert!(sentence.contains("up to"), "{sentence}");
    // narrowed, it is covered; widened again, it is not
    let narrow = again(&room, &view, Some(covered())).unwrap();
    assert_eq!(narrow.row.completeness, ClaimOutcome::Proven);
    let wide = again(&room, &view, Some(period("2026-09-30", "2026-10-01T06:00:00Z"))).unwrap();
    assert_eq!(wide.row.completeness, ClaimOutcome::NotProven);
    assert_eq!(wide.judgements, 3);
}

#[test]
fn a_log_that_is_missing_in_the_period_refutes() {
    let room = room();
    let path = export(&room);
    let made = Trail::default().make();
    std::fs::remove_file(path.join(&made.logs[&3][0])).unwrap();
    let view = room.view(&import(&room, &path, Some(covered())).unwrap());
    assert_eq!(view.row.completeness, ClaimOutcome::Refuted);
}

#[test]
fn the_engagements_period_holds_where_none_is_stated() {
    let room = room();
    engagement(&room, Some("2026-10-01"), Some("2026-10-31")).unwrap();
    let month = period("2026-10-01", "2026-10-31");
    let path = export(&room);
    let taken_over = room.view(&import(&room, &path, None).unwrap());
    assert_eq!(taken_over.intake.period, Some(month.clone()));
    assert_eq!(taken_over.row.completeness, ClaimOutcome::NotProven);
    assert_eq!(
        newest_event(&room),
        "imported export for the review period 1 Oct 2026 to 31 Oct 2026"
    );
    // another engagement does not change what is kept
    engagement(&room, Some("2026-11-01"), None).unwrap();
    let held = import(&room, &path, None).unwrap();
    assert_eq!((held.already_held, held.period), (true, Some(month)));
    // one end is no period, and what is stated goes before the engagement's
    std::fs::write(path.join("note.txt"), "one more").unwrap();
    let open = room.view(&import(&room, &path, None).unwrap());
    assert_eq!(open.intake.period, None);
    engagement(&room, Some("2026-10-01"), Some("2026-10-31")).unwrap();
    std::fs::write(path.join("note.txt"), "another one").unwrap();
    let stated = room.view(&import(&room, &path, Some(covered())).unwrap());
    assert_eq!(stated.intake.period, Some(covered()));
    assert_eq!(stated.row.completeness, ClaimOutcome::Proven);
}

#[test]
fn what_is_no_period_is_refused_before_anything_is_stored() {
    let room = room();
    let path = export(&room);
    for (from, to, why) in [
        ("2026-10-01", "", "only one end is named"),
        ("", "2026-10-01", "only one end is named"),
        ("2026-10-01", "October", "“October” is neither a day"),
        ("2026-10-01T00:00:00", "2026-10-02", "is neither a day"),
        ("2026-10-02", "2026-10-01", "ends before it begins"),
    ] {
        let error = import(&room, &path, Some(period(from, to))).unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
        assert!(error.to_string().contains(why), "{error}");
    }
    let bundles = room
        .bench
        .bundle_list(tickmark_workbench::contract::command::Nothing {});
    assert_eq!(bundles.unwrap(), []);
    let view = room.view(&import(&room, &path, None).unwrap());
    assert!(again(&room, &view, Some(period("2026-10-02", "2026-10-01"))).is_err());
    assert_eq!(again(&room, &view, None).unwrap().judgements, 2);
    assert!(engagement(&room, Some("2026-10-31"), Some("2026-10-01")).is_err());
}

#[test]
fn a_report_tells_the_period_and_is_performed_again_with_it() {
    let room = room();
    engagement(&room, None, None).unwrap();
    let path = export(&room);
    let imported = import(&room, &path, Some(covered())).unwrap();
    let view = room.view(&imported);
    assert_eq!(view.verification.bundle.name, "export");
    let pdf = room.folder().join("report.pdf");
    let request = WriteReport {
        path: pdf.display().to_string(),
        title: String::new(),
        limitations: String::new(),
        conclusion: String::new(),
    };
    let written = room.bench.report_write(request, &mut |_| {}).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&written.json).unwrap()).unwrap();
    assert_eq!(
        report["evidence"][0]["intake"]["period"],
        serde_json::json!({"from": "2026-10-01T00:00:00Z", "to": "2026-10-01T08:00:00+02:00"})
    );
    let keys = room.folder().join("keys.json");
    std::fs::write(&keys, aws().listed()).unwrap();
    let check = CheckReport {
        path: written.pdf,
        bundles: vec![path.display().to_string()],
        trust: vec![keys.display().to_string()],
    };
    let found = room.bench.report_check(check, &mut |_| {}).unwrap();
    let claim = |name: &str| {
        let mut figures = found.figures.iter();
        figures.find(|figure| figure.figure.contains(name)).unwrap()
    };
    assert_eq!(claim("completeness").outcome, FigureOutcome::Agrees, "{found:#?}");
    assert_eq!(claim("completeness").printed, "proven");
}
