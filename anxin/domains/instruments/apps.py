from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "anxin.domains.instruments"
    label = "instruments"
    verbose_name = "Instruments"
