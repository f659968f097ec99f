declare global {
  // read by the library that locks scrolling behind a dialog
  var __webpack_nonce__: string | undefined
}

/** The nonce of this page: style elements that components make carry it (Content-Security-Policy: style-src). */
export const styleNonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

globalThis.__webpack_nonce__ = styleNonce
