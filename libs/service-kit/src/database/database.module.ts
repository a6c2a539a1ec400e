import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';

/**
 * Gives a service's open DataSource to its whole Nest application: `DataSource` and `EntityManager` can be
 * injected and `TypeOrmModule.forFeature([...])` works. Unlike `TypeOrmModule.forRoot` it does not close the
 * DataSource with the application: the outbox is still flushed after that.
 */
@Module({})
export class DatabaseModule {
  static forRoot(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: EntityManager, useValue: dataSource.manager },
      ],
      exports: [DataSource, EntityManager],
    };
  }
}
