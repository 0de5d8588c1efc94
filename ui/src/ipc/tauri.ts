import { Channel, invoke } from '@tauri-apps/api/core';
import { LONG_COMMANDS, type Client } from './client';
import type { Progress } from './generated/contract';

const long: ReadonlySet<string> = new Set(LONG_COMMANDS);

/** The only place that knows the shell. */
export const client: Client = {
  call(name, request, onProgress) {
    if (!long.has(name)) return invoke(name, { request });
    const progress = new Channel<Progress>();
    progress.onmessage = (message) => onProgress?.(message);
    return invoke(name, { request, progress });
  },
};
