import localFont from 'next/font/local'

/** Titillium Web, the typeface of Italian public services: two weights, preloaded with every page; bold is the heavier one. */
const latin = localFont({
  src: [
    {
      path: '../node_modules/@fontsource/titillium-web/files/titillium-web-latin-400-normal.woff2',
      weight: '400',
    },
    {
      path: '../node_modules/@fontsource/titillium-web/files/titillium-web-latin-600-normal.woff2',
      weight: '600',
    },
  ],
  variable: '--font-titillium',
  display: 'swap',
})

/** Letters of Romanian, Albanian and Polish names: downloaded only by a page that contains one. */
const latinExtended = localFont({
  src: [
    {
      path: '../node_modules/@fontsource/titillium-web/files/titillium-web-latin-ext-400-normal.woff2',
      weight: '400',
    },
    {
      path: '../node_modules/@fontsource/titillium-web/files/titillium-web-latin-ext-600-normal.woff2',
      weight: '600',
    },
  ],
  variable: '--font-titillium-ext',
  display: 'swap',
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF',
    },
  ],
})

/** Class of `<html>`: defines the two font variables that globals.css uses. */
export const fontVariables = `${latin.variable} ${latinExtended.variable}`
