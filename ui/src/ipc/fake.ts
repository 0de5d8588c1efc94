import type { Client, CommandName, Request, Response } from './client';
import type * as c from './generated/contract';
import { atMost, hex64, mix, planSize, upperCount } from './fake/figures';
import { columns, fieldsOf, rowOf, textOf, trail, type Trail } from './fake/population';
import { filter } from './fake/query';
import { notProven, proven, refuted, REFUTED_FAULTS } from './fake/verdicts';
import { CRITERIA, FIRST_EVENTS, FIRST_FINDINGS, FIRST_KEYS, FIRST_SOURCES, expected, picture, version } from './fake/file';
import { pinsOf } from './fake/pins';
import { refusal } from './fake/refusal';
import { percent, percentUp } from '../lib/format';

export interface FakeOptions {
  /** Starts with the demo vault open. */
  open?: boolean;
  /** Starts with a vault that holds nothing. */
  empty?: boolean;
  /** Records of the not-proven bundle, to try a table of ten million. */
  rows?: number;
  readOnly?: boolean;
  /** Milliseconds a progress step takes. */
  pace?: number;
}

type Answers = { [K in CommandName]: (request: Request<K>, tell: (p: c.Progress) => void) => Response<K> | Promise<Response<K>> };

const NOW = '2026-11-23T16:04:00+01:00';
const PASSPHRASE = 'demo';

/** An in-memory desk with invented data. It behaves: imports add bundles, results change the evaluation. */
export class Fake implements Client {
  /** Every call by name, for tests that count them. */
  readonly calls: CommandName[] = [];
  #state: c.SessionState = 'none';
  #vault: c.VaultView | null = null;
  #bundles: c.BundleView[] = [];
  #trails = new Map<string, Trail>();
  #plans: c.PlanView[] = [];
  #findings: c.FindingView[] = [];
  #keys: c.PinnedKeyView[] = [];
  #sources: c.SourceView[] = [];
  #notes: c.NoteView[] = [];
  #reports: c.ReportRow[] = [];
  #events: c.CustodyRow[] = [];
  #engagements: c.EngagementView[] = [];
  #recent: c.RecentVault[] = [];
  #cancelled = false;
  #found = new Map<string, number[]>();
  #pace: number;
  readonly #answers: Answers;

  constructor(private options: FakeOptions = {}) {
    this.#pace = options.pace ?? 120;
    this.#answers = this.#table();
    this.#recent = [{ path: '/media/evidence/example-bank.vault', name: 'example-bank' }];
    if (options.open || options.empty) this.#open('/media/evidence/example-bank.vault', 'Preparer', !options.empty);
  }

  async call<K extends CommandName>(name: K, request: Request<K>, onProgress?: (p: c.Progress) => void): Promise<Response<K>> {
    this.calls.push(name);
    await pause(4);
    const free: CommandName[] = ['session', 'vault_create', 'vault_open', 'vault_lock', 'demo_open', 'pick_path', 'report_check'];
    if (this.#state !== 'open' && !free.includes(name)) throw refusal('vault_locked', 'No vault is open.');
    const answer = await this.#answers[name](structuredClone(request), (p) => onProgress?.(p));
    return structuredClone(answer) as Response<K>;
  }

  #table(): Answers {
    return {
      session: () => this.#session(),
      vault_create: (r) => this.#create(r),
      vault_open: (r) => {
        if (r.path.endsWith('nowhere')) throw refusal('not_a_vault', `${r.path} holds no vault.json.`);
        if (r.passphrase !== PASSPHRASE && !this.#vault) throw refusal('wrong_secret', 'The passphrase opens none of the 2 slots.');
        if (this.#vault && this.#vault.path === r.path) {
          if (r.passphrase !== PASSPHRASE && r.passphrase !== this.#passphrase) throw refusal('wrong_secret', 'The passphrase opens none of the 2 slots.');
          this.#state = 'open';
        } else this.#open(r.path, 'Preparer', true);
        return this.#session();
      },
      vault_lock: () => { this.#state = 'locked'; return this.#session(); },
      demo_open: async (_r, tell) => {
        await this.#steps(tell, 'writing', 'records', 9214);
        this.#open('/home/preparer/Tickmark demo/demo.vault', 'Preparer', true);
        return this.#session();
      },
      pick_path: (r) => (r.kind === 'save' ? `/media/evidence/${r.suggestion}` : r.kind === 'folder' ? '/media/evidence/example-bank.vault' : '/media/usb/credit-assistant-2026-10.tar.zst'),
      overview: () => this.#overview(),
      engagement_list: () => this.#engagements,
      engagement_create: (r) => this.#addEngagement(r),
      engagement_select: (r) => {
        const found = this.#engagements.find((e) => e.id === r.id);
        if (this.#vault && found) this.#vault.engagement = found;
        return this.#session();
      },
      bundle_import: (r, tell) => this.#import(r, tell),
      bundle_import_cancel: () => { this.#cancelled = true; return true; },
      bundle_list: () => this.#bundles.map((b) => b.row),
      bundle_view: (r) => this.#bundle(r.id),
      bundle_verify_again: async (r, tell) => {
        const view = this.#bundle(r.id);
        await this.#steps(tell, 'judging', 'records', view.row.records, view.verification.faults);
        view.judgements += 1;
        if (r.period) view.intake = { ...view.intake, period: r.period };
        view.judged_at = NOW;
        this.#event('bundle_judged', `Judged ${view.row.name} again: ${view.row.verdict.replace('_', ' ')}.`);
        return view;
      },
      records_page: (r) => this.#page(r),
      records_facets: (r) => this.#facets(r),
      records_histogram: (r) => this.#histogram(r),
      record_view: (r) => this.#record(r),
      source_list: () => this.#sources,
      source_expect: (r) => {
        if (!/^[a-z0-9-]+$/.test(r.profile)) throw refusal('not_found', `“${r.profile}” is neither a shipped profile nor a file.`);
        const source = this.#source(r.source);
        if (source.expected) source.superseded.unshift(source.expected);
        source.expected = expected(r.profile, r.reason);
        this.#event('source.expect', `Stated that the profile ${r.profile} is expected of ${r.source}.`);
        return this.#sources;
      },
      key_list: () => this.#keys,
      key_pin: (r) => this.#pin(r),
      key_read: (r) => {
        return pinsOf(r).map((pin) => ({ ...pin, picture: pin.fingerprint ? picture(`${pin.algorithm}:${pin.fingerprint}`) : null, pinned_for: this.#keys.find((k) => !k.withdrawn_at && k.fingerprint === pin.fingerprint)?.owner ?? null }));
      },
      key_picture: (r) => {
        const key = this.#keys.find((k) => k.id === r.id);
        if (!key) throw refusal('not_found', `There is no pinned key ${r.id}.`);
        return picture(`${key.algorithm}:${key.fingerprint}`);
      },
      key_withdraw: (r) => {
        const key = this.#keys.find((k) => k.id === r.id);
        if (key) { key.withdrawn_at = NOW; key.withdrawn_why = r.reason; key.history.unshift(version(key, 'withdrawn', NOW, r.reason)); this.#event('key_withdrawn', `Withdrew the key of ${key.owner}.`); }
        return this.#keys;
      },
      plan_preview: (r) => this.#preview(r),
      plan_freeze: (r) => this.#freeze(r),
      plan_list: () => this.#plans.map((p) => p.row),
      plan_view: (r) => this.#plan(r.id),
      sample_draw: (r) => this.#draw(r),
      result_record: (r) => this.#result(r),
      criterion_list: () => CRITERIA,
      finding_list: () => this.#findings,
      finding_write: (r) => this.#writeFinding(r),
      note_write: (r) => this.#writeNote(r),
      report_preview: () => this.#reportPreview(),
      report_write: async (r, tell) => {
        if (!r.path.endsWith('.pdf')) throw refusal('invalid_input', 'The report is a PDF; its path ends in .pdf.');
        await this.#steps(tell, 'writing', 'records', 9214);
        const digest = hex64(this.#reports.length + 31, 6);
        this.#event('report_written', `Wrote the report to ${r.path}.`);
        this.#reports.unshift({ id: `r-${this.#reports.length + 1}`, title: r.title || this.#vault?.engagement?.title || 'Report', digest, pages: 14, written_at: NOW, written_by: 'Preparer', path: r.path });
        return { pdf: r.path, json: r.path.replace(/\.pdf$/, '.json'), digest, pages: 14, custody_seq: this.#events[0]?.seq ?? 0 };
      },
      report_list: () => this.#reports,
      report_check: async (r, tell) => {
        if (!/\.(pdf|json)$/.test(r.path)) throw refusal('unreadable', `${r.path} is neither a report nor its report.json.`);
        await this.#steps(tell, 'judging', 'records', 184_212);
        return this.#reportCheck(r);
      },
      activity: (r) => ({ total: this.#events.length, head: this.#events[0]?.hash ?? '', events: this.#events.slice(r.offset, r.offset + r.limit) }),
      custody_export: (r) => {
        this.#event('custody_exported', `Exported the custody log to ${r.path}.`);
        return { path: r.path, events: this.#events.length, head: this.#events[0]?.hash ?? '', key: hex64(3, 3) };
      },
    };
  }

  #passphrase = PASSPHRASE;

  #session(): c.SessionView {
    if (this.#vault) this.#vault.custody_seq = this.#events[0]?.seq ?? 0;
    return { state: this.#state, vault: this.#state === 'open' ? this.#vault : null, recent: this.#recent, version: '0.1.0' };
  }

  #open(path: string, reviewer: string, filled: boolean): void {
    const name = (path.split('/').pop() ?? path).replace(/\.vault$/, '');
    this.#engagements = [{ id: 'e-1', title: 'Credit assistant, Q3 2026', addressee: 'Example Bank, internal audit', scope: 'Declined decisions of the credit assistant', period_from: '2026-07-01', period_to: '2026-09-30', classification: 'restricted', created_at: '2026-11-12T09:00:00+01:00', created_by: reviewer }];
    this.#vault = { id: 'v-1', path, name, read_only: this.options.readOnly ?? false, held_by: this.options.readOnly ? 'Another Tickmark on this machine has had it open since 15:40.' : null, reviewer, reviewer_key: hex64(3, 3), engagement: this.#engagements[0] ?? null, custody_seq: 0, now: NOW };
    this.#state = 'open';
    this.#recent = [{ path, name }, ...this.#recent.filter((r) => r.path !== path)];
    this.#bundles = []; this.#plans = []; this.#findings = []; this.#keys = []; this.#sources = []; this.#notes = []; this.#reports = []; this.#trails.clear(); this.#found.clear();
    this.#events = filled ? FIRST_EVENTS.slice() : [];
    if (!filled) { this.#event('vault_created', 'Created the vault.'); return; }
    const rows = this.options.rows ?? 9214;
    this.#bundles = [refuted(), proven(), notProven('b-not-proven', 'chat-support-export.jsonl', rows)];
    this.#trails.set('b-refuted', trail('b-refuted', 184_212, 9_214, REFUTED_FAULTS.map((f) => [f.record ?? 0, f.code]), 2000));
    this.#trails.set('b-proven', { ...trail('b-proven', 171_905, 8_102, [], 2000), start: Date.UTC(2026, 3, 1) / 1000, seconds: 91 * 86_400 });
    this.#trails.set('b-not-proven', trail('b-not-proven', rows, Math.floor(rows / 10), [], 100_000));
    this.#sources = structuredClone(FIRST_SOURCES);
    this.#keys = structuredClone(FIRST_KEYS);
    this.#findings = structuredClone(FIRST_FINDINGS);
    this.#firstPlan();
  }

  #create(r: c.CreateVault): c.SessionView {
    if (!r.path.trim()) throw refusal('invalid_input', 'A vault needs a path.');
    if (r.passphrase.length < 8) throw refusal('invalid_input', 'A passphrase needs at least 8 characters.');
    this.#passphrase = r.passphrase;
    this.#open(r.path.endsWith('.vault') ? r.path : `${r.path}.vault`, r.reviewer, false);
    this.#engagements = [];
    if (this.#vault) this.#vault.engagement = null;
    if (r.engagement) this.#addEngagement(r.engagement);
    return this.#session();
  }

  #addEngagement(r: c.WriteEngagement): c.EngagementView {
    const view: c.EngagementView = { ...r, id: `e-${this.#engagements.length + 1}`, created_at: NOW, created_by: this.#vault?.reviewer ?? '' };
    this.#engagements.push(view);
    if (this.#vault) this.#vault.engagement = view;
    this.#event('engagement_created', `Created the engagement ${r.title}.`);
    return view;
  }

  #event(action: string, sentence: string): void {
    const seq = (this.#events[0]?.seq ?? 0) + 1;
    this.#events.unshift({ seq, time: NOW, actor: this.#vault?.reviewer ?? 'Preparer', key: hex64(3, 3), action, sentence, hash: hex64(seq, 21) });
  }

  async #steps(tell: (p: c.Progress) => void, phase: string, unit: string, total: number, faults: c.Fault[] = []): Promise<void> {
    this.#cancelled = false;
    for (let i = 0; i <= 10; i += 1) {
      if (this.#cancelled) throw refusal('cancelled', 'The import was cancelled. The vault is as it was.');
      const done = Math.round((total * i) / 10);
      const records = unit === 'records' ? done : Math.round(done / 2240);
      tell({ phase, done, total, unit, records, per_second: total / 3, seconds_left: (3 * (10 - i)) / 10, faults: faults.filter((f) => (f.record ?? 0) <= records) });
      await pause(this.#pace);
    }
  }

  #bundle(id: string): c.BundleView {
    const view = this.#bundles.find((b) => b.row.id === id);
    if (!view) throw refusal('not_found', `There is no bundle ${id}.`);
    view.notes = this.#notes.filter((n) => n.target.bundle === id && n.target.kind !== 'record');
    return view;
  }

  async #import(r: c.ImportBundle, tell: (p: c.Progress) => void): Promise<c.ImportSummary> {
    const name = r.path.split('/').pop() ?? r.path;
    if (!r.path.trim()) throw refusal('invalid_input', 'A path is missing.');
    if (/missing|nowhere/.test(name)) throw refusal('unreadable', `${r.path} does not exist.`);
    const held = this.#bundles.find((b) => b.row.name === name);
    const none = { records: 0, metrics: 0, evidence: 0, fairness: 0, pii: 0 };
    if (held) return { schema: 'tickmark.import/1', bundles: [{ name: r.path, bundle: held.row.id, source: 'example-gateway', under_source: held.row.source, pins_profile: null, verdict: held.row.verdict, already_held: true, period: held.intake.period, counts: none, faults: [], error: null }] };
    await this.#steps(tell, 'receiving', 'bytes', 20_640_000);
    await this.#steps(tell, 'judging', 'records', 9214);
    const id = `b-${this.#bundles.length + 1}`;
    this.#event('bundle_imported', `Imported ${name}: not proven.`);
    const view = notProven(id, name, 9214, NOW, this.#events[0]?.seq ?? 0);
    const of = this.#vault?.engagement;
    const period = r.intake.period ?? (of?.period_from && of.period_to ? { from: of.period_from, to: of.period_to } : null);
    view.intake = { ...r.intake, period };
    view.digest_agrees = r.intake.sender_sha256 ? r.intake.sender_sha256 === view.row.sha256 : null;
    view.row.source = r.source;
    let pins: string | null = null;
    if (r.source) {
      const source = this.#source(r.source);
      source.bundles += 1;
      if (!source.expected) { pins = 'example-gateway'; source.expected = expected(pins, null); }
    }
    this.#bundles.push(view);
    this.#trails.set(id, trail(id, 9214, 921, [], 100_000));
    return { schema: 'tickmark.import/1', bundles: [{ name: r.path, bundle: id, source: 'example-gateway', under_source: r.source, pins_profile: pins, verdict: 'not_proven', already_held: false, period: view.intake.period, counts: { ...none, records: 9214, pii: 31 }, faults: [], error: null }] };
  }

  #source(name: string): c.SourceView {
    const known = this.#sources.find((s) => s.name.toLowerCase() === name.toLowerCase());
    if (known) return known;
    const made: c.SourceView = { name, bundles: 0, expected: null, superseded: [] };
    this.#sources.push(made);
    return made;
  }

  // ---- records ----

  #scope(bundle: string | null): Trail[] {
    if (bundle === null) return [...this.#trails.values()];
    const t = this.#trails.get(bundle);
    if (!t) throw refusal('not_found', `There is no bundle ${bundle}.`);
    return [t];
  }

  /** Numbers of the records that fit, over the trails in order; null means all of them. */
  #fitting(r: { bundle: string | null; query: string }): { trails: Trail[]; list: number[] | null; reads: string; total: number; of: number } {
    const f = filter(r.query);
    if ('message' in f) throw { ...refusal('invalid_input', f.message), hints: f.hints };
    const trails = this.#scope(r.bundle);
    const of = trails.reduce((n, t) => n + t.records, 0);
    if (!r.query.trim()) return { trails, list: null, reads: f.reads, total: of, of };
    const key = `${r.bundle}|${f.key}|${this.#notes.length}`;
    let list = this.#found.get(key);
    if (!list) {
      list = [];
      let base = 0;
      for (const t of trails) {
        for (let p = 1; p <= Math.min(t.records, 400_000); p += 1) {
          if (f.fits(columns(t, p), p, t.faults.has(p) ? 1 : 0, this.#notesOn(t.bundle, p))) list.push(base + p);
        }
        base += t.records;
      }
      this.#found.set(key, list);
    }
    return { trails, list, reads: f.reads, total: list.length, of };
  }

  #notesOn(bundle: string, position: number): number {
    return this.#notes.filter((n) => n.target.bundle === bundle && n.target.position === position && !n.superseded).length
      + this.#findings.filter((f) => f.evidence.some((e) => e.bundle === bundle && e.position === position)).length;
  }

  #at(trails: Trail[], index: number): { t: Trail; p: number } | null {
    let left = index;
    for (const t of trails) {
      if (left <= t.records) return { t, p: left };
      left -= t.records;
    }
    return null;
  }

  #page(r: c.RecordsQuery): c.RecordsPage {
    const { trails, list, reads, total, of } = this.#fitting(r);
    const rows: c.RecordRow[] = [];
    const back = r.order === 'source_reversed' || r.order === 'time_reversed';
    for (let i = r.offset; i < Math.min(total, r.offset + Math.min(500, r.limit)); i += 1) {
      const n = back ? total - 1 - i : i;
      const at = this.#at(trails, list ? (list[n] ?? 0) : n + 1);
      if (at) rows.push(rowOf(at.t, at.p, this.#notesOn(at.t.bundle, at.p)));
    }
    return { total, of, rows, reads_as: reads, micros: 38_211 };
  }

  #facets(r: c.RecordsQuery): c.Facet[] {
    const { trails, list, total } = this.#fitting(r);
    const counts: Record<'outcome' | 'event' | 'model' | 'actor', Map<string, number>> = { outcome: new Map(), event: new Map(), model: new Map(), actor: new Map() };
    const cap = Math.min(total, 60_000);
    const scale = total / Math.max(1, cap);
    for (let i = 0; i < cap; i += 1) {
      const n = Math.floor(i * scale);
      const at = this.#at(trails, list ? (list[n] ?? 0) : n + 1);
      if (!at) continue;
      const col = columns(at.t, at.p);
      for (const field of ['outcome', 'event', 'model', 'actor'] as const) {
        const value = col[field];
        if (value) counts[field].set(value, (counts[field].get(value) ?? 0) + 1);
      }
    }
    return (['outcome', 'event', 'model', 'actor'] as const).map((field) => {
      const all = [...counts[field]].sort((a, b) => b[1] - a[1]);
      return { field, values: all.slice(0, 6).map(([value, n]) => ({ value, count: Math.round(n * scale) })), more: Math.max(0, all.length - 6) };
    });
  }

  #histogram(r: c.RecordsQuery): c.HistogramView {
    const { trails, list, total } = this.#fitting(r);
    const buckets = new Map<string, c.Bucket>();
    const first = Math.min(...trails.map((t) => t.start));
    const last = Math.max(...trails.map((t) => t.start + t.seconds));
    for (let at = first; at < last; at += 86_400) {
      const from = `${new Date(at * 1000).toISOString().slice(0, 10)}T00:00:00Z`;
      buckets.set(from.slice(0, 10), { from, count: 0, faults: 0 });
    }
    const cap = Math.min(total, 120_000);
    const scale = total / Math.max(1, cap);
    for (let i = 0; i < cap; i += 1) {
      const n = Math.floor(i * scale);
      const at = this.#at(trails, list ? (list[n] ?? 0) : n + 1);
      const bucket = at && buckets.get(columns(at.t, at.p).time.slice(0, 10));
      if (!bucket || !at) continue;
      const weekday = new Date(bucket.from).getUTCDay();
      bucket.count += scale * (weekday % 6 === 0 ? 0.4 : 1.2);
    }
    for (const t of trails) for (const p of t.faults.keys()) {
      const bucket = buckets.get(columns(t, p).time.slice(0, 10));
      if (bucket && bucket.count > 0) bucket.faults += 1;
    }
    return { unit: 'day', buckets: [...buckets.values()].map((b) => ({ ...b, count: Math.round(b.count) })), undated: 0 };
  }

  #record(r: c.RecordAt): c.RecordView {
    const t = this.#trails.get(r.bundle);
    if (!t || r.position < 1 || r.position > t.records) throw refusal('not_found', `There is no record ${r.position}.`);
    const { text, uncovered } = textOf(t, r.position);
    const faults = (this.#bundle(r.bundle).verification.faults).filter((f) => f.record === r.position);
    const near = (p: number): c.ChainNeighbour | null => (p < 1 || p > t.records ? null : { position: p, link: hex64(p, 77), faults: t.faults.has(p) ? 1 : 0 });
    return {
      row: rowOf(t, r.position, this.#notesOn(r.bundle, r.position)), ...t.member(r.position), offset: 0x2d41c880 + r.position * 17, text, uncovered, fields: fieldsOf(text),
      before: near(r.position - 1), own: { position: r.position, link: hex64(r.position, 77), faults: faults.length }, after: near(r.position + 1), faults,
      notes: this.#notes.filter((n) => n.target.bundle === r.bundle && n.target.position === r.position),
      findings: this.#findings.filter((f) => f.evidence.some((e) => e.bundle === r.bundle && e.position === r.position)).map((f) => f.id),
    };
  }

  // ---- keys, sampling ----

  #pin(r: c.PinKey): c.PinnedKeyView[] {
    const pins = pinsOf(r);
    if (!r.owner.trim() || !r.confirmed.trim()) throw refusal('invalid_input', 'A pinned key needs an owner and how it was confirmed.');
    const old = this.#keys.find((k) => k.id === r.replaces);
    if (old && !r.valid_from) throw refusal('invalid_input', 'The rotation has no moment: from when does the new key sign?');
    const edge = (k: c.PinnedKeyView): c.KeyEdge => ({ key: k.id, fingerprint: k.fingerprint, owner: k.owner, at: r.valid_from ?? '' });
    const views = pins.map((pin, i): c.PinnedKeyView => ({ id: `k-${this.#keys.length + i + 1}`, fingerprint: pin.fingerprint, algorithm: pin.algorithm, kid: r.kid ?? pin.kid, says: pin.says, identity: r.identity, vouches: r.vouches, owner: r.owner, confirmed: r.confirmed, second_person: r.second_person, source: r.source, valid_from: r.valid_from ?? (pins.length > 1 ? pin.valid_from : null), valid_to: r.valid_to ?? (pins.length > 1 ? pin.valid_to : null), pinned_at: NOW, pinned_by: 'Preparer', withdrawn_at: null, withdrawn_why: null, replaces: old ? edge(old) : null, replaced_by: null, history: [], bundles: 0 }));
    for (const view of views) view.history = [version(view, 'pinned', NOW, null)];
    const [view] = views;
    if (old && view) { old.valid_to = r.valid_from; old.replaced_by = edge(view); old.history.unshift(version(old, 'changed', NOW, `replaced by the key ${view.fingerprint} from ${r.valid_from ?? ''}`)); }
    this.#keys.push(...views);
    this.#event('key_pinned', `Pinned the key of ${r.owner}.`);
    return views;
  }

  #sized(size: c.PlanSize, population: number): { tolerable: number; expected: number; confidence: number; n: number; acceptable: number } {
    const tolerable = rate(size.tolerable, 'tolerable');
    const expected = rate(size.expected, 'expected');
    const confidence = rate(size.confidence, 'confidence');
    if (expected >= tolerable) throw refusal('invalid_input', 'The expected rate has to be smaller than the tolerable rate.');
    if (confidence < 0.5 || confidence >= 1) throw refusal('invalid_input', 'The confidence has to be at least 50 % and below 100 %.');
    const found = planSize(population, tolerable, expected, confidence);
    if (!found) throw refusal('invalid_input', 'No sample of this population can show that; test all of it.');
    return { tolerable, expected, confidence, n: found.sample, acceptable: found.acceptable };
  }

  #preview(r: c.PreviewPlan): c.PlanPreview {
    const population = r.size.population ?? this.#fitting(r).total;
    if (population === 0) throw refusal('invalid_input', 'The population is empty.');
    const s = this.#sized(r.size, population);
    const chance = (truth: number, n = s.n, a = s.acceptable) => atMost(a, n, Math.round(population * truth), population);
    const curve: c.CurvePoint[] = [];
    for (let i = 0; i <= 120; i += 1) { const x = (i / 120) * Math.min(1, s.tolerable * 2.4); curve.push({ rate: x, chance: chance(x) }); }
    const middle = (s.expected + s.tolerable) / 2;
    const said = (x: number) => `${+(x * 100).toFixed(2)} in 100`;
    const draws = (x: number) => Math.round(chance(x) * 100);
    const others = [s.tolerable - 0.02, s.tolerable - 0.01, s.tolerable, s.tolerable + 0.02].filter((t) => t > s.expected);
    return {
      population, sample_size: s.n, acceptable: s.acceptable, method: 'hypergeometric', curve,
      sentence: `Test ${s.n} of ${population.toLocaleString('en-US')}. With at most ${s.acceptable} ${s.acceptable === 1 ? 'deviation' : 'deviations'} the result supports the control; with ${s.acceptable + 1} it does not.`,
      readings: [
        `If ${said(s.expected)} deviated, ${draws(s.expected)} draws in 100 would support the control. The other ${100 - draws(s.expected)} would wrongly doubt a good one.`,
        `If ${said(middle)} deviated, which you tolerate, only ${draws(middle)} draws in 100 would support. More units tell such cases apart better.`,
        `If ${said(s.tolerable)} deviated, ${draws(s.tolerable)} draws in 100 would still support. That is the risk you accept with ${percent(s.confidence)} confidence.`,
      ],
      alternatives: others.flatMap((t) => {
        const size = planSize(population, t, s.expected, s.confidence);
        return size ? [{ tolerable: `${+(t * 100).toFixed(2)}%`, sample_size: size.sample, acceptable: size.acceptable, chance: chance(s.expected, size.sample, size.acceptable) }] : [];
      }),
    };
  }

  #freeze(r: c.FreezePlan): c.PlanView {
    if (!r.attribute.trim() || !r.deviation.trim()) throw refusal('invalid_input', 'A plan says what is asked and what counts as a deviation.');
    const { total, reads } = this.#fitting(r);
    const s = this.#sized(r.size, total);
    const id = `p-${this.#plans.length + 1}`;
    const view: c.PlanView = {
      row: { id, attribute: r.attribute, sample_size: s.n, acceptable: s.acceptable, population: total, frozen_at: NOW, drawn: false, tested: 0, deviations: 0, supports: null },
      deviation: r.deviation, criterion: r.criterion, tolerable: r.size.tolerable, expected: r.size.expected, confidence: r.size.confidence, method: 'hypergeometric',
      bundles: r.bundle ? [this.#bundle(r.bundle).row.name] : this.#bundles.map((b) => b.row.name), filter: r.query, filter_reads_as: reads, frame_order: r.order,
      frame_digest: hex64(this.#plans.length + 1, 50), plan_digest: hex64(this.#plans.length + 1, 51), frozen_by: 'Preparer', draw: null, evaluation: null,
    };
    this.#frames.set(id, { bundle: r.bundle, query: r.query });
    this.#plans.push(view);
    this.#event('plan_frozen', `Froze the plan “${r.attribute}”: ${s.n} of ${total.toLocaleString('en-US')}.`);
    return view;
  }

  #frames = new Map<string, { bundle: string | null; query: string }>();

  #plan(id: string): c.PlanView {
    const plan = this.#plans.find((p) => p.row.id === id);
    if (!plan) throw refusal('not_found', `There is no plan ${id}.`);
    return plan;
  }

  #unit(plan: c.PlanView, ordinal: number, pick: number): c.UnitView {
    const frame = this.#frames.get(plan.row.id) ?? { bundle: null, query: '' };
    const { trails, list } = this.#fitting(frame);
    const at = this.#at(trails, list ? (list[pick - 1] ?? 1) : pick);
    const bundle = at?.t.bundle ?? '';
    const position = at?.p ?? 1;
    return { ordinal, counter: ordinal, pick, record_id: at ? hex64(position, at.t.records) : '', bundle, position, result: null, note: null, tested_at: null, tested_by: null, replaced_by: null, superseded: 0 };
  }

  #draw(r: c.DrawSample): c.PlanView {
    const plan = this.#plan(r.plan);
    if (plan.draw) throw refusal('invalid_input', 'This plan is drawn already.');
    if (r.seed.trim().length < 8) throw refusal('invalid_input', 'A seed needs at least 8 characters that nobody chose.');
    const salt = [...r.seed].reduce((n, ch) => (n * 31 + ch.charCodeAt(0)) >>> 0, 7);
    const seen = new Set<number>();
    const units: c.UnitView[] = [];
    for (let i = 1; units.length < plan.row.sample_size; i += 1) {
      const pick = (mix(i, salt) % plan.row.population) + 1;
      if (seen.has(pick)) continue;
      seen.add(pick);
      units.push(this.#unit(plan, units.length + 1, pick));
    }
    plan.draw = { algorithm: 'rivest-sha256/1', seed: r.seed, seed_source: r.seed_source, drawn_at: NOW, drawn_by: 'Preparer', units };
    plan.row.drawn = true;
    this.#evaluate(plan);
    this.#event('sample_drawn', `Drew ${units.length} units for “${plan.row.attribute}”.`);
    return plan;
  }

  #result(r: c.RecordResult): c.PlanView {
    const plan = this.#plan(r.plan);
    const unit = plan.draw?.units.find((u) => u.ordinal === r.ordinal);
    if (!unit || !plan.draw) throw refusal('not_found', `There is no unit ${r.ordinal}.`);
    if (r.result !== 'pass' && !r.note.trim()) throw refusal('invalid_input', 'This result needs a note.');
    if (unit.result) unit.superseded += 1;
    Object.assign(unit, { result: r.result, note: r.note || null, tested_at: NOW, tested_by: 'Preparer' });
    if (r.result === 'not_applicable' && unit.replaced_by === null) {
      const ordinal = plan.draw.units.length + 1;
      unit.replaced_by = ordinal;
      plan.draw.units.push(this.#unit(plan, ordinal, (mix(ordinal, 99) % plan.row.population) + 1));
    }
    this.#evaluate(plan);
    this.#event('result_recorded', `Unit ${r.ordinal}: ${r.result.replaceAll('_', ' ')}.`);
    return plan;
  }

  #evaluate(plan: c.PlanView): void {
    const units = plan.draw?.units ?? [];
    const of = (result: c.UnitResult) => units.filter((u) => u.result === result).length;
    const counted = units.filter((u) => u.result && u.result !== 'not_applicable');
    const deviations = of('deviation') + of('could_not_test');
    const confidence = rate(plan.confidence, 'confidence');
    const running: number[] = [];
    let bad = 0;
    counted.forEach((u, i) => {
      if (u.result !== 'pass') bad += 1;
      running.push(upperCount(i + 1, bad, plan.row.population, confidence) / plan.row.population);
    });
    const upper = running.at(-1) ?? 1;
    const finished = units.length > 0 && counted.length >= plan.row.sample_size;
    const supports = finished ? deviations <= plan.row.acceptable : null;
    plan.row.tested = units.filter((u) => u.result).length;
    plan.row.deviations = deviations;
    plan.row.supports = supports;
    const left = plan.row.sample_size - counted.length;
    const end = upperCount(plan.row.sample_size, deviations, plan.row.population, confidence) / plan.row.population;
    plan.evaluation = {
      finished, tested: counted.length, passed: of('pass'), deviations, not_applicable: of('not_applicable'), could_not_test: of('could_not_test'), point: counted.length ? deviations / counted.length : 0,
      upper_limit: upper, upper_printed: percentUp(upper), upper_count: Math.ceil(upper * plan.row.population), supports, running,
      sentence: finished
        ? `${deviations} of ${counted.length} deviate. With ${percent(confidence)} confidence at most ${percentUp(upper)} of the population do. That ${supports ? 'supports' : 'does not support'} the control.`
        : deviations > plan.row.acceptable ? 'The sample no longer supports the control, whatever the other units show.'
        : `If the other ${left} pass, it ends at ${percentUp(end)} and supports the control.${deviations === plan.row.acceptable ? ' One more deviation and it does not.' : ''}`,
    };
  }

  #firstPlan(): void {
    this.#freeze({ attribute: 'A person reviewed the case before it was declined', deviation: 'No reviewer recorded, or the review is later than the decision.', criterion: 'eu-ai-act-26-2', size: { tolerable: '5%', expected: '1%', confidence: '95%', population: null }, bundle: 'b-refuted', query: 'event:decision outcome:declined', order: 'id' });
    const plan = this.#plans[0];
    if (!plan) return;
    this.#draw({ plan: plan.row.id, seed: '73914 08826 51170 44935', seed_source: '20 rolls of a ten-sided die, two people' });
    for (let i = 1; i <= 37; i += 1) {
      this.#result({ plan: plan.row.id, ordinal: i, result: i === 18 ? 'deviation' : i === 36 ? 'not_applicable' : 'pass', note: i === 18 ? 'No reviewer in the record or in any event of the request.' : i === 36 ? 'Withdrawn by the applicant before the decision.' : '' });
    }
    this.#events = FIRST_EVENTS.slice();
  }

  // ---- findings, notes, report ----

  #writeFinding(r: c.WriteFinding): c.FindingView {
    if (!r.title.trim() || !r.condition.trim()) throw refusal('invalid_input', 'A finding needs a title and what was found.');
    const { id, ...written } = r;
    const old = id ? this.#findings.find((f) => f.id === id) : undefined;
    if (id && !old) throw refusal('not_found', `There is no finding ${id}.`);
    const next: c.FindingView = {
      ...written, id: old?.id ?? `f-${this.#findings.length + 1}`, number: old?.number ?? this.#findings.length + 1, version: (old?.version ?? 0) + 1, author: 'Preparer', written_at: NOW,
      history: old ? [{ version: old.version, title: old.title, severity: old.severity, status: old.status, author: old.author, written_at: old.written_at }, ...old.history] : [],
    };
    this.#findings = old ? this.#findings.map((f) => (f.id === old.id ? next : f)) : [...this.#findings, next];
    this.#event('finding_written', `Wrote finding ${next.number}, version ${next.version}.`);
    this.#found.clear();
    return next;
  }

  #writeNote(r: c.WriteNote): c.NoteView {
    if (!r.text.trim()) throw refusal('invalid_input', 'The note is empty.');
    const old = this.#notes.find((n) => n.id === r.supersedes);
    if (old) old.superseded = true;
    const note: c.NoteView = { id: `n-${this.#notes.length + 1}`, target: r.target, text: r.text, author: 'Preparer', written_at: NOW, superseded: false };
    this.#notes.push(note);
    this.#event('note_written', 'Wrote a note.');
    return note;
  }

  #reportPreview(): c.ReportPreview {
    const plan = this.#plans[0];
    const open = plan && plan.row.supports === null;
    return {
      title: this.#vault?.engagement?.title ?? '', chapters: ['What was examined', 'Verdicts', 'Sampling', 'Findings', 'What this does not prove', 'How to perform it again'],
      lead: this.#bundles.map((b) => `${b.row.name}: ${b.verification.sentence}`),
      gaps: [...(this.#bundles.length ? [] : ['No bundle was imported.']), ...(open ? [`The sample “${plan.row.attribute}” is tested to ${plan.row.tested} of ${plan.row.sample_size}.`] : []), ...(this.#findings.some((f) => f.status === 'draft') ? ['One finding is still a draft.'] : [])],
    };
  }

  #reportCheck(r: c.CheckReport): c.ReportCheck {
    const have = r.bundles.length > 0;
    const figures: c.FigureCheck[] = [
      { figure: 'Digest of report.json', printed: 'ca97 8112 … 48bb', found: 'ca97 8112 … 48bb', outcome: 'agrees' },
      { figure: 'Sample size', printed: '93', found: '93', outcome: 'agrees' },
      { figure: 'Upper limit', printed: '5.0 %', found: /differs/.test(r.path) ? '6.6 %' : '5.0 %', outcome: /differs/.test(r.path) ? 'differs' : 'agrees' },
      { figure: 'Records in credit-assistant-2026-Q3.tar.zst', printed: '184,212', found: have ? '184,212' : 'the bundle was not given', outcome: have ? 'agrees' : 'not_checked' },
      { figure: 'Result of unit 18', printed: 'deviation', found: 'a judgement of Preparer', outcome: 'entered' },
    ];
    const outcome: c.ReportOutcome = figures.some((f) => f.outcome === 'differs') ? 'differs' : have ? 'agrees' : 'incomplete';
    const sentence = { agrees: 'Every figure that can be computed came out the same.', differs: 'One figure came out differently.', incomplete: 'Nothing differs, but one figure could not be computed again.' }[outcome];
    return { schema: 'tickmark.report-check/1', outcome, sentence, figures };
  }

  #overview(): c.OverviewView {
    const plan = this.#plans.find((p) => p.row.supports === null);
    const bad = this.#bundles.find((b) => b.row.verdict === 'refuted');
    const next: c.NextStep[] = [];
    if (!this.#bundles.length) next.push({ sentence: 'Import the first bundle.', screen: 'bundles', target: null });
    if (bad) next.push({ sentence: `Look at the ${bad.row.faults} faults of ${bad.row.name}.`, screen: 'bundles', target: bad.row.id });
    if (plan) next.push({ sentence: `Go on testing: ${plan.row.tested} of ${plan.row.sample_size} units have a result.`, screen: 'sampling', target: plan.row.id });
    if (this.#bundles.some((b) => b.row.authenticity === 'not_proven')) next.push({ sentence: 'Pin the signing key of chat-support-export.jsonl.', screen: 'keys', target: null });
    if (this.#findings.some((f) => f.status === 'draft')) next.push({ sentence: 'Finish the draft finding.', screen: 'findings', target: this.#findings.find((f) => f.status === 'draft')?.id ?? null });
    return { bundles: this.#bundles.map((b) => b.row), records: this.#bundles.reduce((n, b) => n + b.row.records, 0), plans: this.#plans.map((p) => p.row), findings_open: this.#findings.filter((f) => f.status === 'open').length, findings: this.#findings.length, reports: this.#reports.length, next_steps: next };
  }
}

function rate(text: string, what: string): number {
  const m = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text);
  if (!m) throw refusal('invalid_input', `“${text}” is no ${what} rate. Write it as 5%.`);
  return Number(m[1]) / 100;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => { setTimeout(done, ms); });
}

