import { Field } from '#components/ui/field.tsx'
import { attachedField, type FormFile } from '#lib/content/office/content.fields.ts'
import { ACCEPTED, fileSummary } from '#lib/files/file-type.ts'

export type EditorFile = FormFile

/** The files of a text: each with its name, to keep or take away, and a place for more. */
export function AttachmentsField({ files }: { files: readonly EditorFile[] }) {
  return (
    <fieldset className="grid gap-4 rounded-lg border border-line bg-white p-4 sm:p-5">
      <legend className="px-1 font-semibold text-ink">Allegati</legend>
      <input type="hidden" name="attached" value={attachedField(files)} />
      {files.map((file) => (
        <div key={file.id} className="grid items-end gap-3 border-b border-line pb-4 sm:grid-cols-[1fr_auto]">
          <input type="hidden" name="keptId[]" value={file.id} />
          <Field
            id={`titolo-${file.id}`}
            name="keptTitle[]"
            label={`Nome dell’allegato (${fileSummary(file)})`}
            defaultValue={file.title}
            maxLength={160}
          />
          <label className="flex min-h-12 items-center gap-2" htmlFor={`togli-${file.id}`}>
            <input
              type="checkbox"
              id={`togli-${file.id}`}
              name="removed[]"
              value={file.id}
              className="size-6 accent-primary"
            />
            Togli
          </label>
        </div>
      ))}
      <Field
        name="files[]"
        id="files"
        type="file"
        multiple
        accept={ACCEPTED}
        label="Aggiungi file"
        hint="PDF, Word, Excel, OpenDocument, P7M o immagini, al massimo 8 MB in tutto per volta. Dopo il salvataggio potrai cambiarne il nome."
      />
    </fieldset>
  )
}
