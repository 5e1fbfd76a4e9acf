"""Cinder's API, scheduler, volume and backup service in one process, so that they need no message broker.

    serve.py PORT --config-file FILE
    serve.py sync --config-file FILE      makes the database
"""

import sys

import eventlet

eventlet.monkey_patch()

from cinder.common import config  # noqa: F401: registers the options
from cinder import exception, objects, rpc, service, version

# The managers name them as they are loaded.
objects.register_all()

from cinder.backup import driver as backup_driver, manager as backup_manager
from cinder.db import migration
from cinder.tests.fake_driver import FakeLoggingVolumeDriver
from oslo_config import cfg
from oslo_log import log
from oslo_service import service as oslo_service

CONF = cfg.CONF


class SlowDriver(FakeLoggingVolumeDriver):
    """Stores nothing, and takes as many seconds for a creation as the name of the volume says: `slow-12`; one otherwise.
    A volume by the name of `broken` cannot be made.
    """

    def create_volume(self, volume):
        name = volume.display_name or ''
        eventlet.sleep(int(name[len('slow-'):]) if name.startswith('slow-') else 1)
        if name == 'broken':
            raise exception.VolumeBackendAPIException(data='It is to fail.')

    def delete_volume(self, volume):
        eventlet.sleep(1)


class NoBackupDriver(backup_driver.BackupDriver):
    """Stores nothing either."""

    def backup(self, backup, volume_file, backup_metadata=False):
        pass

    def restore(self, backup, volume_id, volume_file):
        pass

    def delete_backup(self, backup):
        eventlet.sleep(1)

    def check_for_setup_error(self):
        pass


class BriefBackupManager(backup_manager.BackupManager):
    """Attaches no volume, for there is no device: all else, the states above all, is Cinder's own. A backup by the name of
    `torn` cannot be restored.
    """

    def _start_backup(self, context, backup, volume):
        eventlet.sleep(1)
        self._finish_backup(context, backup, volume, {})

    def _run_restore(self, context, backup, volume):
        # Long enough for the end to be told from what was before it, by times in whole seconds.
        eventlet.sleep(4)
        if backup.display_name == 'torn':
            raise exception.VolumeBackendAPIException(data='It is to fail.')


def main():
    # The driver is looked up by its module's name.
    sys.modules['serve'] = sys.modules['__main__']
    what = sys.argv[1]
    CONF(sys.argv[2:], project='cinder', version=version.version_string())
    log.setup(CONF, 'cinder')
    if what == 'sync':
        return migration.db_sync()
    CONF.set_override('osapi_volume_listen_port', int(what))
    rpc.init(CONF)
    launcher = oslo_service.ServiceLauncher(CONF)
    host = 'localhost@fake'
    for made in (
        service.Service.create(binary='cinder-scheduler'),
        service.Service.create(binary='cinder-volume', host=host, service_name='fake', coordination=True),
        service.Service.create(binary='cinder-backup', manager='serve.BriefBackupManager', service_name='backup', coordination=True),
        service.WSGIService('osapi_volume'),
    ):
        launcher.launch_service(made)
    launcher.wait()


main()
