'use client'

import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { FoundGroup } from '#lib/desk/search.words.ts'
import { FoundList } from './found-list.tsx'

/** A pause of who types. */
const PAUSE_MILLIS = 150
const SHORTEST = 2
const LONGEST = 80

type Answer = { typed: string; groups: readonly FoundGroup[] } | { typed: string; failed: 'often' | 'lost' }

async function ask(path: string, typed: string, signal: AbortSignal): Promise<Answer> {
  const answer = await fetch(`${path}/trovati?q=${encodeURIComponent(typed)}`, { cache: 'no-store', signal })
  if (answer.status === 429) return { typed, failed: 'often' }
  if (!answer.ok) return { typed, failed: 'lost' }
  const { groups } = (await answer.json()) as { groups: FoundGroup[] }
  return { typed, groups }
}

/** What the search of these words found; the answer before while a newer one is on its way. */
function useFound(path: string, words: string): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    const typed = words.trim()
    if (typed.length < SHORTEST) return setAnswer(null)
    const asking = new AbortController()
    const pause = setTimeout(() => {
      ask(path, typed, asking.signal)
        .catch((): Answer => ({ typed, failed: 'lost' }))
        .then((found) => asking.signal.aborted || setAnswer(found))
    }, PAUSE_MILLIS)
    return () => {
      clearTimeout(pause)
      asking.abort()
    }
  }, [path, words])
  return answer
}

const FAILURES = {
  often: 'Hai fatto molte ricerche in poco tempo: riprova fra qualche minuto.',
  lost: 'La ricerca non ha risposto. Riprova, oppure apri la pagina Cerca.',
} as const

/** Arrows go through the links that were found, and above the first one back to the field. */
function moveAmong(box: HTMLElement | null, event: KeyboardEvent): void {
  if (!box || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
  const stops = [...box.querySelectorAll<HTMLElement>('input, li a')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)]
  event.preventDefault()
  next?.focus()
}

/** The browser's dialog gives the focus to what says so in the document; React's own `autoFocus` comes before the dialog is open. */
const focusFirst = (field: HTMLInputElement | null): void => field?.setAttribute('autofocus', '')

function SearchBox({ path }: { path: string }) {
  const box = useRef<HTMLDivElement>(null)
  const [words, setWords] = useState('')
  const answer = useFound(path, words)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field and the links in it.
    <div ref={box} onKeyDown={(event) => moveAmong(box.current, event)} className="min-h-64">
      <form
        action={path}
        onSubmit={(event) => {
          const first = box.current?.querySelector<HTMLElement>('li a')
          if (!first || answer?.typed !== words.trim()) return
          event.preventDefault()
          first.click()
        }}
      >
        <label htmlFor="cerca-ovunque" className="sr-only">
          Che cosa cerchi
        </label>
        <input
          id="cerca-ovunque"
          name="q"
          type="search"
          autoComplete="off"
          maxLength={LONGEST}
          ref={focusFirst}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder="Alunno, genitore, codice fiscale, telefono, classe, giorno…"
          className="min-h-12 w-full rounded border-2 border-line-strong bg-white px-3 py-2"
        />
      </form>
      {answer && 'failed' in answer && <p role="status">{FAILURES[answer.failed]}</p>}
      {answer && 'groups' in answer && (
        <FoundList groups={answer.groups} typed={answer.typed} shortest={SHORTEST} />
      )}
    </div>
  )
}

/**
 * The search over every page of the office: a link to its page, which with scripts opens here, also with Ctrl K or Cmd K. The
 * browser's dialog gives the focus back.
 * @param path the address of the page of the search
 */
export function SearchDialog({ path }: { path: string }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey) return
      if (event.ctrlKey === event.metaKey) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    setOpen(true)
  }
  return (
    <>
      <a
        href={path}
        onClick={onClick}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex min-h-11 items-center gap-2 rounded border border-white/60 px-2.5 sm:min-h-9 text-white no-underline hover:text-white hover:underline lg:min-w-56"
      >
        <Icon name="search" />
        <span className="max-sm:sr-only">Cerca</span>
        <span aria-hidden="true" className="ms-auto hidden text-sm lg:inline">
          Ctrl K
        </span>
      </a>
      <Dialog open={open} onClose={() => setOpen(false)} title="Cerca">
        <SearchBox path={path} />
      </Dialog>
    </>
  )
}
