import { render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { describe, expect, test, vi } from 'vitest'
import { LateEditor } from '#components/office/editor/late-editor.tsx'

const editor = (initial: string) => (
  <LateEditor municipalitySlug="mozzecane" name="body" initial={initial} upload={vi.fn()} />
)

/** The page as it comes, before any script. */
function drawn(initial: string): HTMLElement {
  const page = document.createElement('div')
  page.innerHTML = renderToString(editor(initial))
  return page
}

describe('before the editor has loaded', () => {
  test('the words of a text are read without its marks', () => {
    const page = drawn('<h2>Sciopero</h2><p>Niente <strong>mensa</strong> &amp; merenda.</p><p>A domani.</p>')
    const waiting = page.querySelector('[aria-busy=true]')
    expect(waiting?.lastElementChild?.textContent).toBe('Sciopero\nNiente mensa & merenda.\nA domani.')
  })

  test('the field with the marks is for a browser without scripts alone', () => {
    expect(drawn('<p>Testo.</p>').querySelector('textarea')).toHaveClass('hidden', 'noscript:block')
    expect(drawn('<p>Testo.</p>').querySelector('[aria-busy=true]')).toHaveClass('noscript:hidden')
  })

  test('a new text can be begun in the plain field', () => {
    const page = drawn('')
    expect(page.querySelector('textarea')).not.toHaveClass('hidden')
    expect(page.querySelector('[aria-busy=true]')).toBeNull()
  })
})

test('when its code does not come, the plain field is there with the whole text', async () => {
  vi.doMock('#components/office/editor/rich-editor.tsx', () => {
    throw new Error('no network')
  })
  render(editor('<p>Testo.</p>'))
  await vi.waitFor(() => expect(screen.getByRole('textbox', { name: 'Testo' })).not.toHaveClass('hidden'))
  expect(screen.getByRole('textbox', { name: 'Testo' })).toHaveValue('<p>Testo.</p>')
  vi.doUnmock('#components/office/editor/rich-editor.tsx')
})
