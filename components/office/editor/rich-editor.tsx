'use client'

import { EditorContent, useEditor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { LinkDialog } from './link-dialog.tsx'
import { cleanPasted } from './paste.ts'
import { Picture } from './picture.ts'
import { PictureDialog, type UploadPicture } from './picture-dialog.tsx'
import { Toolbar } from './toolbar.tsx'

const EXTENSIONS = [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    code: false,
    codeBlock: false,
    strike: false,
    dropcursor: false,
    link: { openOnClick: false, autolink: true, HTMLAttributes: { rel: null, target: null, class: null } },
  }),
  Picture,
]

const LABEL = 'body-etichetta'

/** The same text as HTML in a plain field: for a browser without JavaScript, and for the moment before the editor is ready. */
function PlainField({ name, value }: { name: string; value: string }) {
  return (
    <textarea
      name={name}
      defaultValue={value}
      rows={14}
      aria-labelledby={LABEL}
      className="w-full rounded border-2 border-line-strong bg-white px-3 py-2 font-sans text-base"
    />
  )
}

/**
 * The text of a news item or document, with a toolbar. What is sent is HTML in the field `name`; the server cleans it.
 */
export function RichEditor({
  municipalitySlug,
  name,
  initial,
  upload,
}: {
  municipalitySlug: string
  name: string
  initial: string
  upload: UploadPicture
}) {
  const [html, setHtml] = useState(initial)
  const [dialog, setDialog] = useState<'link' | 'picture' | null>(null)
  const [ready, setReady] = useState(false)
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: initial,
    immediatelyRender: false,
    // The style sheet is ours (app/globals.css): the page's policy lets no library add one.
    injectCSS: false,
    editorProps: {
      transformPastedHTML: cleanPasted,
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-labelledby': LABEL,
        class: 'rich-text editor-surface',
      },
    },
    onUpdate: ({ editor: changed }) => setHtml(changed.isEmpty ? '' : changed.getHTML()),
  })
  useEffect(() => setReady(editor !== null), [editor])
  const close = () => setDialog(null)
  return (
    <div className="grid gap-1.5">
      <span id={LABEL} className="font-semibold text-ink">
        Testo
      </span>
      {!ready || !editor ? (
        <PlainField name={name} value={initial} />
      ) : (
        <div className="overflow-hidden rounded border-2 border-line-strong bg-white focus-within:border-primary">
          <input type="hidden" name={name} value={html} />
          <Toolbar editor={editor} onLink={() => setDialog('link')} onPicture={() => setDialog('picture')} />
          <EditorContent editor={editor} />
          {createPortal(
            // Outside the form of the page: a form inside a form does not exist.
            <>
              <LinkDialog
                open={dialog === 'link'}
                current={editor.getAttributes('link').href ?? ''}
                onClose={close}
                onApply={(address) => {
                  const range = editor.chain().focus().extendMarkRange('link')
                  if (address) range.setLink({ href: address }).run()
                  else range.unsetLink().run()
                  close()
                }}
              />
              <PictureDialog
                municipalitySlug={municipalitySlug}
                open={dialog === 'picture'}
                upload={upload}
                onClose={close}
                onInsert={(picture) => {
                  editor.chain().focus().insertContent({ type: 'picture', attrs: picture }).run()
                  close()
                }}
              />
            </>,
            document.body,
          )}
        </div>
      )}
    </div>
  )
}
