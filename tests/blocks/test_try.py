import cProfile, pstats
from trainee import Trainee

def journey(site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_first_stage()
    trainee.sit("second-exam")
def test_a(site, sign_in, act):
    journey(site, sign_in, act)
def test_b(site, sign_in, act):
    p=cProfile.Profile(); p.enable()
    journey(site, sign_in, act)
    p.disable(); pstats.Stats(p).sort_stats("tottime").print_stats(14); pstats.Stats(p).sort_stats("cumtime").print_stats(60)
