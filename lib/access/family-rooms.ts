/**
 * The rooms of a family, as they stand in addresses and in the folders of `app/[comune]/(famiglia)`. A sign-in may lead back to
 * any of them, and they exist only at the one host that has the session's cookie.
 */
export const FAMILY_ROOMS = [
  'oggi',
  'prenotazioni',
  'pagamenti',
  'servizi',
  'comunicazioni',
  'questionari',
  'moduli',
  'menu-figli',
  'notifiche',
  'profilo',
  'invito',
  'altro',
] as const
