import { describe, expect, it } from 'vitest';
import * as f from './format';

describe('numbers', () => {
  it('groups thousands and pairs units', () => {
    expect(f.count(184212)).toBe('184,212');
    expect(f.counted(1, 'record')).toBe('1 record');
    expect(f.counted(0, 'record')).toBe('0 records');
    expect(f.bytesSaid(412608233)).toBe('412,608,233 bytes');
    expect(f.bytesShort(412608233)).toBe('412.6 MB');
  });
  it('writes per cent with a narrow space and rounds limits up', () => {
    expect(f.percent(0.05)).toBe('5\u202f%');
    expect(f.percentUp(0.04991)).toBe('5.0\u202f%');
    expect(f.percentUp(0.05001)).toBe('5.1\u202f%');
    expect(f.percentUp(0.125)).toBe('12.5\u202f%');
    expect(f.percentTyped('5%')).toBe('5\u202f%');
    expect(f.percentTyped('five')).toBe('five');
  });
});

describe('times', () => {
  it('keeps zone and precision and invents neither', () => {
    expect(f.instant('2026-11-20T14:05:09+01:00')).toBe('20 Nov 2026, 14:05 +01:00');
    expect(f.instant('2026-08-14T09:40:52.118Z', 'whole')).toBe('14 Aug 2026, 09:40:52.118 UTC');
    expect(f.instant('2026-08-14T09:40:52', 'second')).toBe('14 Aug 2026, 09:40:52');
    expect(f.instant('2026-08-14')).toBe('14 Aug 2026');
    expect(f.instant('yesterday')).toBe('yesterday');
    expect(f.instant('2026-13-01T00:00:00Z')).toBe('2026-13-01T00:00:00Z');
    expect(f.instantColumn('2026-08-14T08:55:22Z')).toBe('14 Aug 08:55:22');
    expect(f.instantColumn('2026-08-14T08:55:22+02:00')).toBe('14 Aug 08:55:22 +02:00');
  });
  it('says a span once', () => {
    expect(f.span('2026-07-01T00:00:00Z', '2026-09-30T23:59:59Z')).toBe('1 Jul – 30 Sep 2026');
    expect(f.span('2025-12-31', '2026-01-02')).toBe('31 Dec 2025 – 2 Jan 2026');
    expect(f.span('2026-01-02', '2026-01-02')).toBe('2 Jan 2026');
    expect(f.span(null, null)).toBe('');
  });
  it('reads what a person types, and refuses dates that are none', () => {
    expect(f.typedInstant('2026-11-20 14:05', 60)).toBe('2026-11-20T14:05:00+01:00');
    expect(f.typedInstant('2026-11-20', -330)).toBe('2026-11-20T00:00:00-05:30');
    expect(f.typedInstant('2026-11-20T14:05:00Z', 60)).toBe('2026-11-20T14:05:00Z');
    expect(f.typedInstant('2026-02-30', 0)).toBeNull();
    expect(f.typedInstant('20.11.2026', 0)).toBeNull();
  });
  it('says time left roughly', () => {
    expect(f.timeLeft(2340)).toBe('about 39 min');
    expect(f.timeLeft(2)).toBe('a few seconds');
  });
});

describe('digests', () => {
  const digest = '9f3c41d2'.padEnd(56, '0') + '0be771aa';
  it('groups in fours and shortens in the middle', () => {
    expect(f.fours('7c1e90ab')).toEqual(['7c1e', '90ab']);
    expect(f.digestShort(digest)).toBe('9f3c 41d2 … 0be7 71aa');
    expect(f.digestShort('abcd1234')).toBe('abcd 1234');
    expect(f.digestShort(digest, 2, 0)).toBe('9f3c 41d2 …');
    expect(f.looksLikeDigest(digest)).toBe(true);
    expect(f.looksLikeDigest('Cafe')).toBe(false);
  });
});
