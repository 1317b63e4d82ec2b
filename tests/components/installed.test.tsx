import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'
import { InstallHint } from '#components/installed/install-hint.tsx'
import { InstallSteps } from '#components/installed/install-steps.tsx'
import {
  manifestHref,
  manifestLanguage,
  municipalityManifest,
  portalManifest,
} from '#lib/web/app-manifest.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'

beforeEach(() => {
  localStorage.clear()
  history.replaceState(null, '', '/mozzecane/oggi')
})

describe('the hint to install the app', () => {
  test('leads to the steps of this municipality', () => {
    render(<InstallHint />)
    expect(screen.getByRole('link', { name: 'Come si fa' })).toHaveAttribute('href', '/mozzecane/installa')
  })

  test('after "not now" stays silent for sixty days', async () => {
    render(<InstallHint />)
    await userEvent.setup().click(screen.getByRole('button', { name: 'Non ora' }))
    expect(screen.queryByRole('link')).not.toBeInTheDocument()
    cleanup()
    render(<InstallHint />)
    expect(screen.queryByRole('link')).not.toBeInTheDocument()
    cleanup()
    localStorage.setItem('refettorio-installa', String(Date.now() - 61 * 86_400_000))
    render(<InstallHint />)
    expect(screen.getByRole('link', { name: 'Come si fa' })).toBeVisible()
  })
})

test('the steps are an ordered list; the pictures say nothing that the words do not', () => {
  const { container } = render(<InstallSteps />)
  expect(screen.getAllByRole('list')[0]?.tagName).toBe('OL')
  for (const picture of container.querySelectorAll('svg')) {
    expect(picture).toHaveAttribute('aria-hidden', 'true')
  }
})

test('the manifest opens on today, inside the portal, with an icon that may be cut', () => {
  const manifest = municipalityManifest({ slug: 'mozzecane', name: 'Mozzecane' })
  expect(manifest).toMatchObject({ id: '/mozzecane', lang: 'it', scope: '/', display: 'standalone' })
  for (const { url } of manifest.shortcuts) expect(url).toMatch(/^\/mozzecane\//)
  expect(manifest.icons.some((icon) => 'purpose' in icon && icon.purpose === 'maskable')).toBe(true)
})

test('the app without a municipality speaks the language of its address, Italian by default', () => {
  const asked = (address: string) =>
    portalManifest(wordsIn(manifestLanguage(new Request(`https://mensa.example.it${address}`))))
  expect(asked(manifestHref('/app.webmanifest', 'it'))).toMatchObject({
    lang: 'it',
    short_name: 'Mensa',
    name: 'Refettorio, la mensa scolastica',
  })
  expect(asked(manifestHref('/app.webmanifest', 'en'))).toMatchObject({
    lang: 'en',
    short_name: 'Canteen',
    name: 'Refettorio, the school canteen',
  })
  expect(asked('/app.webmanifest?in=xx').lang).toBe('it')
})
