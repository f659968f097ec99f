/** `node scripts/audit-picture.mjs`: draws docs/images/audit.png, the first page of the report on the sample. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, install, requireNode, root, run } from './prepare.mjs'

const CHROMIUM = process.env.TOLLGATE_CHROMIUM ?? '/usr/bin/chromium'
const WIDTH = 1_280
const HEIGHT = 1_440
const MARGIN = 9
const LARGEST_KB = 400

requireNode()
install({ dev: true })
build()
const { chromium } = await import('playwright-core')
const picture = join(root, 'docs', 'images', 'audit.png')
const folder = mkdtempSync(join(tmpdir(), 'tollgate-picture-'))
try {
  const report = join(folder, 'report.html')
  run(process.execPath, ['dist/cli/main.js', 'audit', '--sample', folder, '--html', report])
  const browser = await chromium.launch({ executablePath: CHROMIUM })
  try {
    const page = await browser.newPage({
      viewport: { width: WIDTH, height: HEIGHT },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    await page.goto(pathToFileURL(report).href)
    // cards are not cut: the page ends after the last one that is whole
    const height = await page.evaluate(
      (most) =>
        Math.max(
          ...[...document.querySelectorAll('main section, main dl')]
            .map((card) => card.getBoundingClientRect().bottom)
            .filter((bottom) => bottom <= most),
        ),
      HEIGHT,
    )
    mkdirSync(dirname(picture), { recursive: true })
    await page.screenshot({
      path: picture,
      clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(height) + MARGIN },
    })
  } finally {
    await browser.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const kb = statSync(picture).size / 1_024
console.log(`docs/images/audit.png, ${Math.round(kb)} KB`)
if (kb > LARGEST_KB) {
  console.error(`audit-picture: larger than ${LARGEST_KB} KB`)
  process.exitCode = 1
}
