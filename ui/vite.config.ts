import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One build for the real window, one whose only difference is who answers: `tickmark-client` is the shell or the fake.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: {
    alias: { 'tickmark-client': here(mode === 'mock' ? './src/ipc/fake-client.ts' : './src/ipc/tauri.ts') },
    conditions: mode === 'test' ? ['browser'] : undefined,
  },
  build: {
    outDir: mode === 'mock' ? 'dist-mock' : 'dist',
    emptyOutDir: true,
    // the window's security policy has no place for data: scripts or fonts, so nothing is inlined
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { port: 5173, strictPort: true },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));
