import type { ComponentType } from 'react'

/** The element that the browser takes over as it is, with what the server draws in it. */
export default function drawnPart<Props extends object>(Drawn: ComponentType<Props>): ComponentType<Props> {
  return (props) => (
    <div className="contents">
      <Drawn {...props} />
    </div>
  )
}
