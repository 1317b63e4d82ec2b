'use client'

import { type Editor, useEditorState } from '@tiptap/react'
import { Icon, type IconName } from '#components/ui/icon.tsx'

type Tool = {
  icon: IconName
  label: string
  run: (editor: Editor) => void
  /** What is switched on where the cursor is; a tool without it only does something. */
  active?: (editor: Editor) => boolean
}

const chain = (editor: Editor) => editor.chain().focus()

const GROUPS: { label: string; tools: Tool[] }[] = [
  {
    label: 'Tipo di riga',
    tools: [
      {
        icon: 'pilcrow',
        label: 'Testo normale',
        run: (editor) => chain(editor).setParagraph().run(),
        active: (editor) => editor.isActive('paragraph') && !editor.isActive('listItem'),
      },
      {
        icon: 'heading-2',
        label: 'Titolo',
        run: (editor) => chain(editor).toggleHeading({ level: 2 }).run(),
        active: (editor) => editor.isActive('heading', { level: 2 }),
      },
      {
        icon: 'heading-3',
        label: 'Sottotitolo',
        run: (editor) => chain(editor).toggleHeading({ level: 3 }).run(),
        active: (editor) => editor.isActive('heading', { level: 3 }),
      },
    ],
  },
  {
    label: 'Carattere',
    tools: [
      {
        icon: 'bold',
        label: 'Grassetto',
        run: (editor) => chain(editor).toggleBold().run(),
        active: (editor) => editor.isActive('bold'),
      },
      {
        icon: 'italic',
        label: 'Corsivo',
        run: (editor) => chain(editor).toggleItalic().run(),
        active: (editor) => editor.isActive('italic'),
      },
    ],
  },
  {
    label: 'Elenchi e citazioni',
    tools: [
      {
        icon: 'list',
        label: 'Elenco puntato',
        run: (editor) => chain(editor).toggleBulletList().run(),
        active: (editor) => editor.isActive('bulletList'),
      },
      {
        icon: 'list-ordered',
        label: 'Elenco numerato',
        run: (editor) => chain(editor).toggleOrderedList().run(),
        active: (editor) => editor.isActive('orderedList'),
      },
      {
        icon: 'text-quote',
        label: 'Citazione',
        run: (editor) => chain(editor).toggleBlockquote().run(),
        active: (editor) => editor.isActive('blockquote'),
      },
    ],
  },
]

const HISTORY: Tool[] = [
  { icon: 'undo-2', label: 'Annulla', run: (editor) => chain(editor).undo().run() },
  { icon: 'redo-2', label: 'Ripeti', run: (editor) => chain(editor).redo().run() },
]

function ToolButton({
  icon,
  label,
  pressed,
  onPress,
}: {
  icon: IconName
  label: string
  pressed?: boolean | undefined
  onPress: () => void
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      // The text keeps its selection while a tool is pressed with the mouse.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
      className="flex size-11 items-center justify-center rounded text-ink hover:bg-primary-light aria-pressed:bg-primary aria-pressed:text-white"
    >
      <Icon name={icon} />
    </button>
  )
}

const GROUP = 'flex flex-wrap border-e border-line pe-1 last:border-e-0'

/** The tools that office people know, with their names; each says whether it is on. */
export function Toolbar({
  editor,
  onLink,
  onPicture,
}: {
  editor: Editor
  onLink: () => void
  onPicture: () => void
}) {
  const active = useEditorState({
    editor,
    selector: () =>
      Object.fromEntries(
        GROUPS.flatMap(({ tools }) => tools).map((tool) => [tool.label, tool.active?.(editor) ?? false]),
      ),
  })
  const linked = useEditorState({ editor, selector: () => editor.isActive('link') })
  return (
    <fieldset className="flex flex-wrap gap-1 border-b border-line bg-canvas p-1">
      <legend className="sr-only">Strumenti del testo</legend>
      {GROUPS.map(({ label, tools }) => (
        <fieldset key={label} className={GROUP}>
          <legend className="sr-only">{label}</legend>
          {tools.map((tool) => (
            <ToolButton
              key={tool.label}
              icon={tool.icon}
              label={tool.label}
              pressed={active[tool.label]}
              onPress={() => tool.run(editor)}
            />
          ))}
        </fieldset>
      ))}
      <fieldset className={GROUP}>
        <legend className="sr-only">Collegamenti e immagini</legend>
        <ToolButton icon="link" label="Collegamento" pressed={linked} onPress={onLink} />
        <ToolButton icon="image" label="Immagine" onPress={onPicture} />
      </fieldset>
      <fieldset className={GROUP}>
        <legend className="sr-only">Modifiche</legend>
        {HISTORY.map((tool) => (
          <ToolButton key={tool.label} icon={tool.icon} label={tool.label} onPress={() => tool.run(editor)} />
        ))}
      </fieldset>
    </fieldset>
  )
}
