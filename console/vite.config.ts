import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import mantine from 'postcss-preset-mantine'
import { defineConfig, type Plugin } from 'vite'
import { firstLoadBudget } from './first-load.js'
import { world } from './world-plugin.js'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Below this a header costs more than compression saves, bytes. */
const WORTH_BYTES = 1024

/** Compresses once at build what would be compressed at every answer. */
function precompress(): Plugin {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir, build.assetsDir)
      if (build.outDir.startsWith('/')) folder = join(build.outDir, build.assetsDir)
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css|json|svg)$/.test(name)) continue
        const text = readFileSync(join(folder, name))
        if (text.length < WORTH_BYTES) continue
        writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 }
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text, { params: quality }))
      }
    },
  }
}

export default defineConfig({
  root: here,
  // nothing of the environment gets into the pages
  envPrefix: 'TOLLGATE_CONSOLE_PUBLIC_',
  plugins: [react(), world(), firstLoadBudget(), precompress()],
  css: { postcss: { plugins: [mantine()] } },
  build: {
    outDir: join(here, '..', 'dist', 'console'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // an inlined asset would be a data: URL that the content security policy refuses
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            { name: 'editor', test: /node_modules[\\/](codemirror|@codemirror|@lezer)[\\/]/ },
            {
              name: 'base',
              test: /node_modules[\\/](react|react-dom|scheduler|wouter|@tanstack[\\/](react-)?query[^\\/]*)[\\/]/,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    // development: a gateway on its usual port answers the API
    proxy: { '/v1': 'http://127.0.0.1:8080' },
  },
})
