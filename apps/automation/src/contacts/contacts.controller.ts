import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FindContact, SaveContacts, type Contact, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { ContactsService } from './contacts.service';

@Controller()
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  @MessagePattern(SaveContacts.name)
  save(@Payload() request: RequestOf<typeof SaveContacts>): Promise<ReplyOf<typeof SaveContacts>> {
    return this.contacts.save(request);
  }

  @MessagePattern(FindContact.name)
  find(@Payload() requests: RequestOf<typeof FindContact>[]): Promise<(Contact | null)[]> {
    return this.contacts.find(requests);
  }
}
