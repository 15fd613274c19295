def test_x(browser, warning, unsafe):
    r = browser("zhao-ning").get("/staff/duty/")
    assert r.status_code == 200
    open("/tmp/board.html","w").write(r.content.decode())
    r = browser("sun-lan").get("/staff/duty/")
    open("/tmp/board2.html","w").write(r.content.decode())
    r = browser("zhao-ning").get(f"/staff/warnings/{warning.uid}/")
    assert r.status_code == 200
    open("/tmp/warning.html","w").write(r.content.decode())
