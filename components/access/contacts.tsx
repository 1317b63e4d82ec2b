import { Icon } from '#components/ui/icon.tsx'

export type Office = { name: string; phone: string; email: string }

/** Whom to ask for help with the canteen, by phone or by mail. */
export function Contacts({ office }: { office: Office }) {
  return (
    <address className="not-italic">
      <p className="font-semibold">{office.name}</p>
      <ul className="mt-2 grid gap-1">
        <li>
          <a
            href={`tel:${office.phone.replace(/\s/g, '')}`}
            className="inline-flex min-h-11 items-center gap-2"
          >
            <Icon name="phone" /> {office.phone}
          </a>
        </li>
        <li>
          <a href={`mailto:${office.email}`} className="inline-flex min-h-11 items-center gap-2 break-all">
            <Icon name="mail" /> {office.email}
          </a>
        </li>
      </ul>
    </address>
  )
}
