import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

/** Left out of the bundles: Electron itself, and packages that load native code from their own folder. */
const EXTERNAL = ['electron', 'better-sqlite3', 'sqlite-vec', 'pg'];

/** Where `npm run server` listens; the development server passes calls on to it. */
const DEVELOPMENT_BACKEND = 'http://127.0.0.1:8283';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** One file for Node or Electron, with everything in it but EXTERNAL. */
function nodeBundle(entry: string, file: string, format: 'es' | 'cjs'): EnvironmentOptions {
  const slash = file.lastIndexOf('/');
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      target: 'node24',
      outDir: path(file.slice(0, slash)),
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: path(entry),
        output: { entryFileNames: file.slice(slash + 1), format, codeSplitting: false },
      },
    },
  };
}

export default defineConfig({
  root: path('./renderer'),
  // The same files are served at ade://app/ and at /ade/.
  base: './',
  cacheDir: path('./node_modules/.cache/vite'),
  plugins: [react(), tailwindcss()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/v1': DEVELOPMENT_BACKEND,
      '/ade/rpc': DEVELOPMENT_BACKEND,
      '/ade/events': DEVELOPMENT_BACKEND,
    },
  },
  builder: {},
  environments: {
    client: {
      build: {
        outDir: path('./out/renderer'),
        // The policy allows no data: fonts.
        assetsInlineLimit: 0,
        emptyOutDir: true,
        target: 'chrome140',
        chunkSizeWarningLimit: 2000,
        reportCompressedSize: false,
        rolldownOptions: { input: path('./renderer/index.html') },
      },
    },
    main: nodeBundle('./electron/main.ts', './out/main/main.js', 'es'),
    preload: nodeBundle('./electron/preload.ts', './out/preload/preload.cjs', 'cjs'),
    server: nodeBundle('./electron/server.ts', './out/server/server.js', 'es'),
  },
});
