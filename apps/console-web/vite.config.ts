import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Files only, no inline script or style: the console serves them under a policy that refuses both. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022', modulePreload: { polyfill: false } },
  // For work on the pages: `npx vite apps/console-web` beside a running console.
  server: { port: 4005, strictPort: true, proxy: { '/api': 'http://localhost:4000' } },
});
