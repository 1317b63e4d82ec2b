'use client'

import { type ComponentProps, useEffect, useRef, useState } from 'react'
import type { RichEditor } from './rich-editor.tsx'

type Editor = typeof RichEditor

/**
 * The editor, whose code comes after the page: it is the heaviest of the office. Until it is there, and without JavaScript,
 * the text is written in a plain field; what was typed there goes on in the editor.
 */
export function LateEditor(props: ComponentProps<Editor>) {
  const plain = useRef<HTMLTextAreaElement>(null)
  const [loaded, setLoaded] = useState<{ Editor: Editor; text: string } | null>(null)
  useEffect(() => {
    let wanted = true
    void import('./rich-editor.tsx').then((module) => {
      if (wanted) setLoaded({ Editor: module.RichEditor, text: plain.current?.value ?? props.initial })
    })
    return () => {
      wanted = false
    }
  }, [props.initial])
  if (loaded) return <loaded.Editor {...props} initial={loaded.text} />
  return (
    <textarea
      ref={plain}
      name={props.name}
      defaultValue={props.initial}
      rows={14}
      aria-label="Testo"
      className="w-full rounded border-2 border-line-strong bg-white px-3 py-2 font-sans text-base"
    />
  )
}
