'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, Field } from '#components/ui/field.tsx'
import { ACCEPTED_PICTURES, filePath } from '#lib/files/file-type.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type UploadPicture = (
  previous: FormState<{ id: string; name: string }>,
  form: FormData,
) => Promise<FormState<{ id: string; name: string }>>

export type NewPicture = { src: string; alt: string; role: string | null }

/** A picture for the text: the file, and what it shows in words, or that it is only decoration. */
export function PictureDialog({
  municipalitySlug,
  open,
  upload,
  onClose,
  onInsert,
}: {
  municipalitySlug: string
  open: boolean
  upload: UploadPicture
  onClose: () => void
  onInsert: (picture: NewPicture) => void
}) {
  const [problem, setProblem] = useState('')
  const [pending, start] = useTransition()
  const insert = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.stopPropagation()
    const form = new FormData(event.currentTarget)
    const alt = String(form.get('alt') ?? '').trim()
    const decorative = form.get('decorative') === 'on'
    if (!alt && !decorative) {
      setProblem('Scrivi che cosa si vede, oppure indica che l’immagine è solo decorativa.')
      return
    }
    start(async () => {
      const answer = await upload(UNTOUCHED, form)
      if (!answer.ok || !answer.value) {
        setProblem(answer.error?.message ?? 'Il caricamento non è riuscito. Riprova.')
        return
      }
      setProblem('')
      onInsert({
        src: filePath(municipalitySlug, answer.value),
        alt: decorative ? '' : alt,
        role: decorative ? 'presentation' : null,
      })
    })
  }
  return (
    <Dialog open={open} onClose={onClose} title="Immagine">
      <form onSubmit={insert} noValidate className="grid gap-4">
        <ErrorSummary message={problem} />
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        <Field
          id="picture-file"
          name="file"
          type="file"
          accept={ACCEPTED_PICTURES}
          label="File"
          hint="PNG, JPEG o WebP, al massimo 8 MB."
        />
        <Field
          id="picture-alt"
          name="alt"
          label="Che cosa si vede"
          hint="Lo ascolta chi non vede l’immagine. Per esempio: “Bambini che raccolgono zucchine nell’orto”."
          maxLength={200}
        />
        <Choice
          type="checkbox"
          id="picture-decorative"
          name="decorative"
          label="È solo decorativa: non aggiunge informazioni"
        />
        <Button icon="image" aria-disabled={pending || undefined}>
          {pending ? 'Caricamento…' : 'Inserisci'}
        </Button>
      </form>
    </Dialog>
  )
}
