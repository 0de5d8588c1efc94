"""The classing of answers, without any verifier: `tests/peers/run --self-test`."""

import base64
import pathlib
import tempfile
import tomllib
import unittest

import ask
import cases
import classing
import side_by_side
import speed
from classing import CAVEAT, INVALID, UNREAD, VALID, Answer, Case, class_of, is_in_reach

FILE_DOOR = ("bytes", "order", "hash", "payload", "key")


def lie(name, *faults, verdict="refuted"):
    return Case(f"lines--{name}", False, verdict, faults)


def good(name):
    return Case(f"lines--{name}", True, "not_proven")


class Reach(unittest.TestCase):
    def test_a_fault_that_every_door_sees_is_in_reach(self):
        self.assertTrue(is_in_reach(lie("edit", "hash_mismatch"), ()))

    def test_what_is_told_beside_the_bundle_must_be_taken(self):
        for fault, need in (("head_mismatch", "head"), ("count_mismatch", "count"), ("rollback", "earlier")):
            self.assertFalse(is_in_reach(lie("drop", fault), FILE_DOOR), fault)
            self.assertTrue(is_in_reach(lie("drop", fault), (*FILE_DOOR, need)), fault)

    def test_one_fault_in_reach_is_enough(self):
        self.assertTrue(is_in_reach(lie("drop", "root_mismatch", "count_mismatch"), FILE_DOOR))

    def test_a_caller_that_parses_hides_the_spelling(self):
        for fault in ("duplicate_member", "not_json", "trailing_bytes"):
            self.assertFalse(is_in_reach(lie("spelling", fault), ("order", "hash", "payload", "key", "head", "count")), fault)
            self.assertTrue(is_in_reach(lie("spelling", fault), FILE_DOOR), fault)

    def test_one_receipt_at_a_time_has_no_order(self):
        self.assertFalse(is_in_reach(lie("swap", "link_mismatch"), ("payload", "key")))

    def test_another_key_is_known_to_a_pin_only(self):
        case = lie("resign-with-another-key", "signature_mismatch")
        self.assertFalse(is_in_reach(case, ("bytes", "order")))
        self.assertTrue(is_in_reach(case, ("key",)))

    def test_every_need_is_a_word_that_doors_use(self):
        needs = {*classing.NEEDED_BY_FAULT.values(), *classing.NEEDED_BY_LIE.values()}
        self.assertLessEqual(needs, set(classing.TAKES))


class Classes(unittest.TestCase):
    def test_a_refuted_lie_called_valid_is_false(self):
        self.assertEqual(class_of(lie("edit", "hash_mismatch"), VALID, FILE_DOOR), "false_valid")
        self.assertEqual(class_of(lie("edit", "hash_mismatch"), INVALID, FILE_DOOR), "caught")
        self.assertEqual(class_of(lie("edit", "hash_mismatch"), CAVEAT, FILE_DOOR), "with_caveat")

    def test_out_of_reach_excuses_valid_only(self):
        case = lie("drop-tail-head-told", "head_mismatch")
        self.assertEqual(class_of(case, VALID, FILE_DOOR), "out_of_reach")
        self.assertEqual(class_of(case, INVALID, FILE_DOOR), "caught")

    def test_a_crash_is_no_verdict(self):
        for case in (lie("edit", "hash_mismatch"), good("whole")):
            self.assertEqual(class_of(case, UNREAD, FILE_DOOR), "unread")

    def test_a_lie_that_nobody_can_refute_is_counted_apart(self):
        for verdict in ("not_proven", "proven", None):
            self.assertEqual(class_of(lie("drop-tail", verdict=verdict), VALID, FILE_DOOR), "no_caveat")
            self.assertEqual(class_of(lie("drop-tail", verdict=verdict), CAVEAT, FILE_DOOR), "with_caveat")

    def test_a_good_bundle_called_invalid_is_refused(self):
        self.assertEqual(class_of(good("whole"), INVALID, FILE_DOOR), "refused")
        self.assertEqual(class_of(good("whole"), VALID, FILE_DOOR), "accepted")


class Counting(unittest.TestCase):
    def answers(self, *pairs):
        return [Answer(case, said, FILE_DOOR) for case, said in pairs]

    def test_who_refuses_a_plain_good_bundle_takes_no_part(self):
        plain = [(good(name), VALID) for name in classing.PLAIN_GOOD]
        self.assertTrue(classing.takes_part(self.answers(*plain)))
        self.assertTrue(classing.takes_part(self.answers(*plain, (good("gz"), INVALID))))
        for said in (INVALID, UNREAD):
            self.assertFalse(classing.takes_part(self.answers(*plain[:2], (plain[2][0], said))))
        self.assertFalse(classing.takes_part(self.answers(*plain[:2])))
        self.assertFalse(classing.takes_part([]))

    def test_counts(self):
        counted = classing.count(
            self.answers(
                (good("whole"), VALID),
                (good("mixed"), INVALID),
                (good("gz"), UNREAD),
                (lie("edit", "hash_mismatch"), VALID),
                (lie("swap", "link_mismatch"), INVALID),
                (lie("head", "head_mismatch"), VALID),
                (lie("cut", "not_json"), UNREAD),
                (lie("drop-tail", verdict="not_proven"), VALID),
                (lie("forge", verdict="not_proven"), INVALID),
            )
        )
        self.assertEqual(
            counted,
            classing.Count(
                false_valid=1, read=2, out_of_reach=1, no_caveat=1, others=2, unread=1, refused_good=1, good=2
            ),
        )

    def test_letters(self):
        self.assertEqual([classing.letter(index) for index in (0, 25, 26, 51, 52)], ["A", "Z", "AA", "AZ", "BA"])

    def test_letters_follow_the_rate(self):
        counts = {name: classing.Count(wrong, 20, 0, 0, 0, 0, 0, 7) for name, wrong in (("a", 1), ("b", 0), ("c", 9))}
        self.assertEqual(classing.by_rate(counts), ["c", "a", "b"])

    def test_what_is_published_bears_letters(self):
        theirs = [classing.Count(20, 35, 4, 3, 5, 1, 0, 7), classing.Count(0, 10, 0, 0, 0, 0, 0, 7)]
        ours = classing.Count(0, 40, 0, 2, 9, 0, 0, 14)
        self.assertIn("| A | 20 of 35 | 4 | 3 of 5 | 1 |", classing.table(theirs, ours))
        self.assertIn("| Tickmark | 0 of 40 | 0 | 2 of 9 | 0 |", classing.table(theirs, ours))
        self.assertEqual(
            classing.sentence(theirs, ours, 40),
            "2 published verifiers gave 45 answers about 40 lies that they can read, 20 of them “valid” "
            "(A 20 of 35, B 0 of 10); tickmark 0 of 40",
        )


class Asking(unittest.TestCase):
    def said(self, body, **fields):
        question = {"folder": ".", "file": "trail.jsonl", "keys": [], "heads": [], "count": None, "bin": "."}
        call = "def verify(case):\n    " + body
        return ask.answer({**question, **fields, "call": call})["said"]

    def test_true_and_false_are_verdicts_and_nothing_else_is(self):
        self.assertEqual(self.said("return True"), "valid")
        self.assertEqual(self.said("return False, 'record 3'"), "invalid")
        for body in ("return None", "return 1", "raise ValueError('x')", "raise SystemExit(1)", "return verify(case)"):
            self.assertEqual(self.said(body), "unread", body)

    def test_a_door_that_needs_a_key_gives_no_verdict_without(self):
        self.assertEqual(self.said("return bool(case.key.raw)"), "unread")
        key = {"algorithm": "ed25519", "public_key": "ab" * 32}
        self.assertEqual(self.said("return case.key.hex == 'ab' * 32", keys=[key]), "valid")

    def test_a_program_that_falls_over_gives_no_verdict(self):
        script = "#!/bin/sh\necho 'Traceback (most recent call last)' >&2\nexit 1\n"
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("yes", "#!/bin/sh\n"), ("no", "#!/bin/sh\nexit 1\n"), ("over", script), ("use", "#!/bin/sh\nexit 2\n")):
                path = pathlib.Path(folder) / name
                path.write_text(text)
                path.chmod(0o755)
            said = [self.said(f"return case.run('{name}')", bin=folder) for name in ("yes", "no", "over", "use")]
        self.assertEqual(said, ["valid", "invalid", "unread", "unread"])

    def test_a_key_is_the_same_in_every_spelling(self):
        did = ask.Key({"algorithm": "ed25519", "public_key": "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"})
        self.assertEqual(did.hex, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        spki = base64.b64encode(ask.ED25519_SPKI + did.raw).decode()
        for text in (did.hex, did.base64, spki):
            key = ask.Key({"algorithm": "ed25519", "public_key": text})
            self.assertEqual((key.base64, key.pem), (did.base64, did.pem), text)


class Reading(unittest.TestCase):
    def test_a_case_is_read_as_the_corpus_lays_it_out(self):
        with tempfile.TemporaryDirectory() as root:
            folder = pathlib.Path(root) / "lines--drop-tail-head-told"
            (folder / "bundle").mkdir(parents=True)
            (folder / "bundle" / "trail.jsonl").write_text("{}\n")
            (folder / "trust.toml").write_text('[[key]]\nalgorithm = "ed25519"\npublic_key = "00"\n')
            (folder / "case.toml").write_text(
                'title = "t"\ntold_heads = ["ab"]\n[expect]\nverdict = "refuted"\nfaults = ["head_mismatch"]\n'
            )
            bundle = cases.read(folder, False)
        self.assertEqual(bundle.case, lie("drop-tail-head-told", "head_mismatch"))
        self.assertEqual((bundle.heads, bundle.count), (("ab",), None))
        self.assertEqual(bundle.keys[0]["algorithm"], "ed25519")

    def test_the_example_has_the_shape_that_is_read(self):
        example = pathlib.Path(__file__).with_name("peers.example.toml").read_text(encoding="utf-8")
        doors = side_by_side.doors_of(tomllib.loads(example))
        self.assertGreaterEqual(len(doors), 2)
        for door in doors:
            compile(door.call, door.peer, "exec")

    def test_a_word_that_is_not_known_is_refused(self):
        peers = {"peer": [{"name": "a", "door": [{"reads": ["x"], "takes": ["heads"], "call": ""}]}]}
        with self.assertRaises(SystemExit):
            side_by_side.doors_of(peers)

    def test_a_speed_is_a_median(self):
        self.assertEqual(speed.median([3.0, 1.0, 2.0]), 2.0)


if __name__ == "__main__":
    unittest.main()
