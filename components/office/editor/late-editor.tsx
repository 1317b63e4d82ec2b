'use client'

import { type ComponentProps, useEffect, useRef, useState } from 'react'
import { readable } from './readable.ts'
import type { RichEditor } from './rich-editor.tsx'

type Editor = typeof RichEditor

/**
 * The editor, whose code comes after the page: it is the heaviest of the office. Until it is there the words can be read without
 * the marks of the text; an empty text can be begun in the plain field, and goes on in the editor. Without JavaScript, or when the
 * editor's code does not come, the plain field stays, marks and all.
 */
export function LateEditor(props: ComponentProps<Editor>) {
  const plain = useRef<HTMLTextAreaElement>(null)
  const [loaded, setLoaded] = useState<{ Editor: Editor; text: string } | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    let wanted = true
    import('./rich-editor.tsx').then(
      (module) => {
        if (wanted) setLoaded({ Editor: module.RichEditor, text: plain.current?.value ?? props.initial })
      },
      () => {
        if (wanted) setHasFailed(true)
      },
    )
    return () => {
      wanted = false
    }
  }, [props.initial])
  if (loaded) return <loaded.Editor {...props} initial={loaded.text} />
  const isWaiting = props.initial !== '' && !hasFailed
  return (
    <>
      {isWaiting && (
        <div aria-busy="true" className="rounded border-2 border-line bg-white px-3 py-2 noscript:hidden">
          <p className="mb-2 text-sm text-muted">L’editor si sta aprendo…</p>
          <p className="whitespace-pre-line">{readable(props.initial)}</p>
        </div>
      )}
      <textarea
        ref={plain}
        name={props.name}
        defaultValue={props.initial}
        rows={14}
        aria-label="Testo"
        className={`w-full rounded border-2 border-line-strong bg-white px-3 py-2 font-sans text-base ${isWaiting ? 'hidden noscript:block' : ''}`}
      />
    </>
  )
}
