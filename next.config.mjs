import { failureWords } from './lib/web/failure.words.ts'
import { wordsIn } from './lib/words/catalogues.adapter.ts'
import { LANGUAGES } from './lib/words/language.ts'

/** @type {import('next').NextConfig} */
export default {
  // The page of a failure below everything has neither request nor catalogue (components/shell/failure-document.tsx).
  compiler: {
    define: {
      FAILURE_WORDS: JSON.stringify(
        Object.fromEntries(LANGUAGES.map((language) => [language, failureWords(wordsIn(language))])),
      ),
    },
  },
  // They read files beside their own code: a bundle would not have them.
  serverExternalPackages: ['pdfkit', 'fontkit'],
  poweredByHeader: false,
  // Every page carries its title in its head: streamed in afterwards, a screen reader would announce a page without a name.
  htmlLimitedBots: /.*/,
  // Compression belongs to the reverse proxy in front (docs/operations.md); inside, it would cost the peak its CPU.
  // A small installation without a proxy that compresses, and the demonstration, ask for it.
  compress: process.env.COMPRESS === '1',
  // No image optimiser: two of its past vulnerabilities were remote code executions, and every picture here is an SVG or a small PNG.
  images: { unoptimized: true },
  // `npm run check` runs tsc (TypeScript 7) over the whole project; the build does not repeat it.
  experimental: {
    // Editors attach files of up to 8 MB (lib/files/file-type.ts); a form of theirs may carry one, with its words.
    serverActions: { bodySizeLimit: '10mb' },
    // Drops unused exports of Next's own CommonJS files: 0.6 kB on every page, which the budgets need.
    turbopackCjsTreeShaking: true,
  },
  typescript: { ignoreBuildErrors: true },
  // What only the server draws stays out of the browser’s files (components/ui/without-hydration.tsx).
  // Left out of every page: a shim of Node's `process` of which only `env` is read, and stand-ins for what browsers have had
  // since 2023 (String.trimStart … URL.canParse; Next itself asks for Safari 16.4 and Chrome 111), and boundaries that Next only draws on the server.
  // 1 kB that the budgets need. Where Next's router itself fails, its two English sentences, with styles of their own, give way to ours.
  turbopack: {
    resolveAlias: {
      '#drawn/*': { browser: './browser/not-drawn.js' },
      'next/dist/compiled/process': { browser: './browser/process.js' },
      '../build/polyfills/polyfill-module': { browser: './browser/nothing.js' },
      './instant-validation/boundary': { browser: './browser/nothing.js' },
      './builtin/global-error': { browser: './browser/router-failure.tsx' },
      '../components/builtin/global-error': { browser: './browser/router-failure.tsx' },
    },
  },
}
