import type { Commands, Progress } from './generated/contract';

export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K]['request'];
export type Response<K extends CommandName> = Commands[K]['response'];

/** The five commands that tell how far they are. */
export const LONG_COMMANDS = ['bundle_import', 'bundle_verify_again', 'report_write', 'demo_open', 'report_check'] as const;
export type LongCommand = (typeof LONG_COMMANDS)[number];

/** Who answers: the shell in the real window, the fake in tests and in the browser. */
export interface Client {
  call<K extends CommandName>(name: K, request: Request<K>, onProgress?: (progress: Progress) => void): Promise<Response<K>>;
}

let connected: Client | null = null;

export function connect(client: Client): void {
  connected = client;
}

/** Runs one command. A refusal rejects with an `ErrorView`. */
export function call<K extends CommandName>(
  name: K,
  request: Request<K>,
  onProgress?: (progress: Progress) => void,
): Promise<Response<K>> {
  if (!connected) return Promise.reject(new Error('no client is connected'));
  return connected.call(name, request, onProgress);
}

/** The request of a command that needs nothing. */
export const NOTHING = {} as Record<symbol, never>;
