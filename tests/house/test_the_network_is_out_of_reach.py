"""Tests cannot reach the network, only this machine; and they run in random order with warnings as errors."""

from __future__ import annotations

import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


def test_an_address_elsewhere_is_refused():
    with socket.socket() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the refusal warns besides
        with pytest.raises(SocketConnectBlockedError):
            connection.connect(("192.0.2.1", 443))


def test_loopback_is_allowed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_tests_run_in_random_order(request):
    assert request.config.pluginmanager.hasplugin("randomly")


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning, match="mind"):
        warnings.warn("mind this", stacklevel=1)
