/** Goes on from the machine's clock as the core last told it, in the zone that it told. */
export function clockFrom(told: string): () => string {
  const start = Date.now();
  const zone = /([+-]\d\d:\d\d|Z)$/.exec(told)?.[1] ?? 'Z';
  const base = Date.parse(told);
  if (Number.isNaN(base)) return () => told;
  const minutes = zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  return () => `${new Date(base + (Date.now() - start) + minutes * 60_000).toISOString().slice(0, 19)}${zone}`;
}
