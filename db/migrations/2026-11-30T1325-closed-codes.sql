-- A fiscal code that the office closes as a mistake takes along the devices that were remembered under it.

alter table remembered_device drop constraint remembered_device_revoke_reason_check;
alter table remembered_device add constraint remembered_device_revoke_reason_check
  check (revoke_reason in ('owner', 'forgotten', 'everywhere', 'failures', 'copied', 'idle', 'replaced', 'code-closed'));
