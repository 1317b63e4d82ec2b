'use client'

import { useEffect, useRef } from 'react'
import { Said } from '#components/language/said.tsx'
import { useWords } from '#words'
import { Icon } from './icon.tsx'

/**
 * What went wrong with a form, at its top. It takes the focus when it appears, so that no person wonders whether anything
 * happened, and each line leads to the field to put right.
 * @param fields field name → what is wrong
 * @param ids what a field's id begins with, before its name
 */
export function ErrorSummary({
  message,
  fields = {},
  ids = '',
  title,
}: {
  message?: string | undefined
  fields?: Record<string, string> | undefined
  ids?: string
  title?: string
}) {
  const t = useWords()
  const box = useRef<HTMLDivElement>(null)
  const entries = Object.entries(fields)
  const shown = Boolean(message) || entries.length > 0
  const content = `${message ?? ''}${JSON.stringify(fields)}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new set of errors takes the focus again.
  useEffect(() => {
    if (shown) box.current?.focus()
  }, [content, shown])
  if (!shown) return null
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      data-surface
      className="rounded-lg border-2 border-danger-strong bg-danger-light p-4 sm:p-5"
    >
      <h2 className="flex items-center gap-2 text-lg text-danger">
        <Icon name="circle-alert" size="lg" />
        {entries.length > 0 ? (title ?? t('Controlla questi dati')) : t('Non è stato possibile')}
      </h2>
      {message && (
        <p className="mt-1">
          <Said text={message} />
        </p>
      )}
      {entries.length > 0 && (
        <ul className="mt-2 list-disc ps-6">
          {entries.map(([name, problem]) => (
            <li key={name}>
              <a href={`#${ids}${name}`} className="text-danger">
                <Said text={problem} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
